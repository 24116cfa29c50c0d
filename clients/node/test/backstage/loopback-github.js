'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');

const support = path.resolve(__dirname, '../../../../Tests/support');

/**
 * A GitHub on loopback with private repositories made of directories: `{'owner/name': directory}`. Gives its `host`, and the
 * agent's configuration for it.
 */
async function startGitHub(t, repositories, token) {
  const root = fs.mkdtempSync('/tmp/rb-github-');
  for (const [name, directory] of Object.entries(repositories)) {
    execFileSync(path.join(support, 'make-repository'), [directory, root, name]);
    fs.writeFileSync(path.join(root, `${name}.git`, 'private'), '');
  }
  const child = spawn(path.join(support, 'loopback-github'), [root, '--token', token], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(async () => {
    const ended = once(child, 'exit');
    child.stdin.end();
    await ended;
    fs.rmSync(root, { recursive: true });
  });
  const [line] = await once(child.stdout, 'data');
  const { api, codeload, host } = JSON.parse(line);
  const config = `github: [{host: "${host}", apiBaseUrl: "${api}", archiveHosts: ["${new URL(codeload).host}"], allowHttp: true}]\n`;
  return { host, config };
}

module.exports = { startGitHub };
