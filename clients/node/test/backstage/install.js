'use strict';

const fs = require('node:fs');
const { Module, createRequire } = require('node:module');
const path = require('node:path');

const client = path.join(__dirname, '..', '..');
const DEBIAN = '/usr/share/nodejs';

/** Where the packages that this machine's distribution brings are found. */
function findDebianPackages() {
  if ((process.env.NODE_PATH ?? '').split(':').includes(DEBIAN)) return;
  process.env.NODE_PATH = [process.env.NODE_PATH, DEBIAN].filter(Boolean).join(':');
  Module._initPaths();
}

/** Why a test over express cannot run here; where the engine is required, so is it. */
const skip = !fs.existsSync(`${DEBIAN}/express`) && process.env.RUNNER_AGENT_REQUIRE_ENGINE !== '1' && 'needs Debian\'s node-express';

/**
 * A backend's directory as after `yarn add`: our two packages, with the files that they publish and no others, beside the
 * packages that stand for Backstage's. Gives its `require`.
 */
function installBackend(t) {
  findDebianPackages();
  const directory = fs.mkdtempSync('/tmp/rb-backend-');
  t.after(() => fs.rmSync(directory, { recursive: true }));
  const modules = path.join(directory, 'node_modules');
  fs.cpSync(path.join(__dirname, 'packages', '@backstage'), path.join(modules, '@backstage'), { recursive: true });
  installPackage(client, modules);
  installPackage(path.join(client, 'plugin'), modules);
  fs.copyFileSync(path.join(__dirname, 'sample', 'package.json'), path.join(directory, 'package.json'));
  fs.copyFileSync(path.join(__dirname, 'sample', 'index.ts'), path.join(directory, 'index.js')); // It has no types of its own in it.
  return { directory, require: createRequire(path.join(directory, 'index.js')) };
}

function installPackage(from, modules) {
  const { name, files } = JSON.parse(fs.readFileSync(path.join(from, 'package.json'), 'utf8'));
  for (const file of ['package.json', ...files]) fs.cpSync(path.join(from, file), path.join(modules, name, file), { recursive: true });
}

module.exports = { findDebianPackages, installBackend, skip };
