'use strict';

// Who may ask the standalone bridge, and what it serves; the agent is scripted.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { RunnerClient } = require('..');
const { createBridge } = require('../lib/bridge/server');
const { parseOptions } = require('../lib/bridge/options');
const { stubAgent } = require('./rest/stub-agent');

const TOKEN = 'a-token-of-some-length';

async function startBridge(t, options = {}) {
  const agent = await stubAgent(t, { 'runner.list': () => ({ instances: [] }), 'runner.start': (params) => ({ id: 'x', ...params }) });
  const client = new RunnerClient({ socketPath: agent.socketPath });
  const bridge = createBridge({ client, host: '127.0.0.1', port: 0, ...options });
  t.after(async () => { await bridge.close(); client.close(); });
  const url = await bridge.listen();
  return { url, agent, ask: (target, headers = {}, method = 'GET', body) => ask(url, target, headers, method, body) };
}

/** fetch() sets Host, Origin and Sec-Fetch-Site itself, as a browser does. */
function ask(url, target, headers, method, body) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path: target, method, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    request.on('error', reject);
    request.end(body);
  });
}

test('the page comes with a policy that lets no other script in, and nothing else of this machine', async (t) => {
  const { ask: get } = await startBridge(t);
  const page = await get('/');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-security-policy'], /default-src 'none'; script-src 'self'/);
  assert.doesNotMatch(page.headers['content-security-policy'], /unsafe/);
  assert.equal(page.headers['x-frame-options'], 'DENY');
  for (const [, file] of page.text.matchAll(/(?:href|src)="(\/[^"]+)"/g)) assert.equal((await get(file)).status, 200, file);
  for (const target of ['/../package.json', '/%2e%2e/package.json', '/lib/client.js', '/page/app.mjs', '//etc/passwd', '/api', '/api/x']) {
    assert.equal((await get(target)).status, 404, target);
  }
});

test('the files of the page never make markup of text', () => {
  const directory = path.join(__dirname, '../page');
  for (const name of fs.readdirSync(directory).filter((file) => file.endsWith('.mjs'))) {
    assert.doesNotMatch(fs.readFileSync(path.join(directory, name), 'utf8'),
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|DOMParser|srcdoc/, name);
  }
});

test('a name that is not ours is refused, as a rebound DNS name would come', async (t) => {
  const { url, ask: get } = await startBridge(t, { allowedHosts: ['portal.example.com'] });
  const { port } = new URL(url);
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, 'portal.example.com']) {
    assert.equal((await get('/api/runner/instances', { host })).status, 200, host);
  }
  for (const host of ['evil.example.com', `evil.example.com:${port}`, 'localhost', '127.0.0.1', `portal.example.com:${port}`, `127.0.0.1.evil.com:${port}`]) {
    for (const target of ['/', '/api/runner/instances']) {
      const answer = await get(target, { host });
      assert.equal(answer.status, 403, host);
      assert.equal(JSON.parse(answer.text).error.code, 'HOST_NOT_ALLOWED');
    }
  }
});

test('a page of another origin is refused, whatever it sends', async (t) => {
  const { url, agent, ask: get } = await startBridge(t);
  const body = JSON.stringify({ entityRef: 'component:web' });
  const json = { 'content-type': 'application/json' };
  for (const headers of [{ origin: 'https://evil.example.com' }, { origin: 'null' }, { origin: `${url}.evil.com` }, { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' }, { origin: url.replace(/\d+$/, '1') }]) {
    assert.equal((await get('/api/runner/start', { ...json, ...headers }, 'POST', body)).status, 403, JSON.stringify(headers));
  }
  assert.deepEqual(agent.calls, []);
  assert.equal((await get('/api/runner/start', { ...json, origin: url, 'sec-fetch-site': 'same-origin' }, 'POST', body)).status, 201);
});

test('with a token, only who has it is served; the page itself holds no secret', async (t) => {
  const { ask: get } = await startBridge(t, { token: TOKEN, components: [{ entityRef: 'component:default/a', location: '/srv/a', source: {} }] });
  assert.equal((await get('/')).status, 200);
  for (const authorization of [undefined, 'Bearer', 'Bearer x', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`]) {
    for (const target of ['/api/components', '/api/runner/instances', '/api/runner/health']) {
      const answer = await get(target, authorization ? { authorization } : {});
      assert.equal(answer.status, 401, authorization);
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
      assert.doesNotMatch(answer.text, new RegExp(TOKEN));
    }
  }
  const answer = await get('/api/components', { authorization: `Bearer ${TOKEN}` });
  assert.deepEqual(JSON.parse(answer.text), { items: [{ entityRef: 'component:default/a', location: '/srv/a' }] });
});

test('a component of the list is started from where it is, any other is for the agent to find', async (t) => {
  const source = { path: '/srv/hello' };
  const { agent, ask: get } = await startBridge(t, { components: [{ entityRef: 'component:default/hello', location: '', source }] });
  for (const entityRef of ['Component:default/Hello', 'component:other']) {
    await get('/api/runner/start', { 'content-type': 'application/json' }, 'POST', JSON.stringify({ entityRef }));
  }
  assert.deepEqual(agent.calls.map(({ params }) => [params.componentRef, params.source]),
    [['component:default/hello', source], ['component:default/other', undefined]]);
});

test('the command line is checked: beyond loopback only with a token', () => {
  const here = path.basename(__dirname);
  process.chdir(path.dirname(__dirname));
  const options = parseOptions(['--component', `Hello=./${here}`, '--component', 'api:x=https://github.com/o/r'], {});
  assert.deepEqual([options.host, options.port, options.token], ['127.0.0.1', 7788, undefined]);
  assert.deepEqual(options.components.map(({ entityRef, source }) => [entityRef, source]), [
    ['component:default/hello', { path: __dirname }], ['api:default/x', { location: 'url:https://github.com/o/r' }],
  ]);
  for (const host of ['127.0.0.1:1', '127.1.2.3:1', '[::1]:1', '[0:0:0:0:0:0:0:1]:1']) parseOptions(['--listen', host], {});
  for (const host of ['0.0.0.0:1', '[::]:1', '192.168.1.5:1', 'localhost:1', '[::11]:1', 'example.com:1']) {
    assert.throws(() => parseOptions(['--listen', host], {}), /give a token/, host);
    parseOptions(['--listen', host], { RUNNER_BRIDGE_TOKEN: TOKEN });
  }
  assert.throws(() => parseOptions([], { RUNNER_BRIDGE_TOKEN: 'short' }), /shorter/);
  assert.throws(() => parseOptions(['--listen', 'x'], {}), /HOST:PORT/);
  assert.throws(() => parseOptions(['--component', 'x=/does/not/exist'], {}), /neither a directory/);
  assert.throws(() => parseOptions(['--component', '../x=.'], {}), /not valid/);
  assert.throws(() => parseOptions(['--bogus'], {}), /bogus/);
});

test('the command says where it listens and ends on SIGTERM', async () => {
  const child = spawn(process.execPath, [path.join(__dirname, '../bin/runner-bridge.js'), '--listen', '127.0.0.1:0', '--socket', '/nowhere.sock'],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  const [line] = await once(child.stderr, 'data');
  const [url] = /http:\S+/.exec(String(line));
  const health = await fetch(`${url}/api/runner/health`);
  assert.equal(health.status, 503);
  child.kill('SIGTERM');
  const [status] = await once(child, 'exit');
  assert.equal(status, 0);
});
