'use strict';

const fs = require('node:fs');
const path = require('node:path');

const directory = path.join(__dirname, '..', '..', 'page');
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml' };

const headers = {
  'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

/** The page's files by their path; read once, so that no request names a file of this machine. */
function loadPage() {
  const files = new Map();
  for (const name of fs.readdirSync(directory)) {
    const type = types[path.extname(name)];
    if (type) files.set(`/${name}`, { body: fs.readFileSync(path.join(directory, name)), headers: { ...headers, 'Content-Type': type } });
  }
  files.set('/', files.get('/index.html'));
  return files;
}

module.exports = { loadPage };
