'use strict';

// The Backstage plugin, installed as its package is published, in a backend over real express; the agent is scripted.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { pathToFileURL } = require('node:url');
const { installBackend, skip } = require('./backstage/install');
const { stubAgent } = require('./rest/stub-agent');
const { post, eventsOf } = require('./rest/serve');

const ID = '0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001';
const instance = { id: ID, componentRef: 'component:default/web', status: 'starting', ports: [], revision: 1 };
const user = { authorization: 'Bearer user-token' };
const service = { authorization: 'Bearer service-token' };
const entity = (name, annotations = {}) => ({
  apiVersion: 'backstage.io/v1alpha1', kind: 'Component', spec: { type: 'website', secret: 'not for the agent' },
  metadata: { name, uid: 'u', annotations: { 'runner.backstage.io/enabled': 'true', 'example.com/other': 'x', ...annotations } },
});
const located = (location) => ({ 'backstage.io/source-location': location });

/** The backend of the test, which ends after it. `given` is for the services; `answers` for the agent. */
async function startBackend(t, { answers = {}, socket, ...given } = {}) {
  const agent = await stubAgent(t, {
    'agent.ping': () => ({}),
    'agent.info': () => ({ version: '1', engine: { reachable: true } }),
    'runner.start': () => instance,
    'runner.stop': () => ({ ...instance, status: 'stopped' }),
    'runner.list': () => ({ instances: [instance] }),
    ...answers,
  });
  const installed = installBackend(t);
  const { createBackend } = installed.require('@backstage/backend-defaults');
  const config = { ...given.config, runner: { agent: { socket: socket ?? agent.socketPath }, ...given.config?.runner } };
  const backend = createBackend({ entities: [entity('web', located('url:https://github.com/o/r/tree/main/'))], ...given, config });
  // As its index.ts does, and as a native import() nests it.
  backend.add(import(pathToFileURL(installed.require.resolve('@runner-agent/plugin-runner-backend'))));
  await backend.start();
  let stopped = false;
  backend.end = async () => {
    stopped = true;
    await backend.stop();
  };
  t.after(async () => {
    if (stopped) return;
    backend.server.closeAllConnections();
    await backend.stop();
  });
  return { backend, agent, url: `${backend.url}/api/runner`, installed };
}

test('the package is one that Backstage discovers', { skip }, async (t) => {
  const { require: find, directory } = installBackend(t);
  const { backstage, peerDependencies, configSchema } = find('@runner-agent/plugin-runner-backend/package.json');
  assert.deepEqual(backstage, { role: 'backend-plugin', pluginId: 'runner', pluginPackages: ['@runner-agent/plugin-runner-backend'] });
  const plugin = find('@runner-agent/plugin-runner-backend');
  assert.equal(plugin.default.$$type, '@backstage/BackendFeature');
  const asModule = await import(pathToFileURL(path.join(directory, 'node_modules/@runner-agent/plugin-runner-backend/index.mjs')));
  assert.equal(asModule.default, plugin.default);
  assert.equal(asModule.runnerPermissions, plugin.runnerPermissions);
  assert(fs.existsSync(path.join(directory, 'node_modules/@runner-agent/plugin-runner-backend', configSchema)));
  // What the code asks for is a peer, nothing more and nothing less.
  const sources = fs.readdirSync(path.join(directory, 'node_modules/@runner-agent/plugin-runner-backend/lib'))
    .map((name) => fs.readFileSync(path.join(directory, 'node_modules/@runner-agent/plugin-runner-backend/lib', name), 'utf8')).join('\n');
  const used = new Set([...sources.matchAll(/require\('(@[^/']+\/[^/']+)[^']*'\)/g)].map(([, name]) => name));
  assert.deepEqual([...used].sort(), Object.keys(peerDependencies).sort());
});

test('a backend as the README has it boots without an agent', { skip }, async (t) => {
  const { directory } = installBackend(t);
  const child = spawn(process.execPath, ['index.js'], {
    cwd: directory, env: { ...process.env, RUNNER_AGENT_SOCKET: '/nowhere/agent.sock' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const health = await fetch(`${/http:\S+/.exec(line)}/api/runner/health`);
  assert.equal(health.status, 503);
  assert.equal((await health.json()).error.code, 'AGENT_UNAVAILABLE');
});

test('everybody may ask for the health, nobody for more without credentials', { skip }, async (t) => {
  const { url } = await startBackend(t);
  const health = await fetch(`${url}/health`);
  assert.deepEqual(await health.json(), { status: 'ok' });
  for (const [target, method] of [['/instances'], [`/instances/${ID}`], [`/instances/${ID}/logs`], ['/events'], ['/start', 'POST'], ['/stop', 'POST'], ['/healthz']]) {
    const response = await fetch(url + target, { method });
    assert.equal(response.status, 401, target);
    assert.deepEqual((await response.json()).error, { name: 'AuthenticationError', message: 'Missing credentials' });
  }
  assert.equal((await fetch(`${url}/instances`, { headers: { authorization: 'Bearer x' } })).status, 401);
  assert.equal((await fetch(`${url}/health/deep`)).status, 404);
  assert.equal((await fetch(`${url}/nothing`, { headers: user })).status, 404);
});

test('a start takes the entity from the catalog as its caller sees it, a token of the integration, and names the caller', { skip }, async (t) => {
  const { url, agent, backend } = await startBackend(t, { config: { integrations: { github: [{ token: ' ghp_secret\n' }, { host: 'ghe.example.com', token: 'ghe_secret' }] } },
    entities: [entity('web', { ...located('url:https://github.com/o/r/tree/main/'), 'runner.backstage.io/config-path': 'c.yml' }),
      entity('lenient', located('https://github.com/o/r')), entity('ghe', located('url:https://ghe.example.com/o/r')),
      entity('elsewhere', located('url:https://gitlab.com/o/r')), entity('file', { 'backstage.io/managed-by-location': 'file:/srv/catalog-info.yaml' }),
      entity('off', { ...located('url:https://github.com/o/r'), 'runner.backstage.io/enabled': 'false' })] });
  const response = await post(`${url}/start`, { entityRef: 'Component:default/Web' }, user);
  assert.equal(response.status, 201);
  assert.deepEqual(await response.json(), instance);
  assert.deepEqual(agent.calls.at(-1).params, {
    componentRef: 'component:default/web', wait: 'accepted', credentials: { token: 'ghp_secret' }, _meta: { requestedBy: 'user:default/guest' },
    entity: { apiVersion: 'backstage.io/v1alpha1', kind: 'Component', metadata: { name: 'web', annotations: {
      'runner.backstage.io/enabled': 'true', 'runner.backstage.io/config-path': 'c.yml', 'backstage.io/source-location': 'url:https://github.com/o/r/tree/main/',
    } } },
  });
  assert.deepEqual(backend.catalogRequests, [{ ref: 'component:default/web', principal: { type: 'user', userEntityRef: 'user:default/guest' } }]);
  for (const [name, token] of [['lenient', 'ghp_secret'], ['ghe', 'ghe_secret'], ['elsewhere'], ['file'], ['off']]) {
    await post(`${url}/start`, { entityRef: `component:${name}` }, user);
    assert.deepEqual(agent.calls.at(-1).params.credentials, token && { token }, name);
  }
  assert.doesNotMatch(JSON.stringify(backend.logs), /gh[pe]_secret/);
});

test('what cannot start has the status of its reason', { skip }, async (t) => {
  const { url, agent } = await startBackend(t);
  const start = async (entityRef, headers) => {
    const response = await post(`${url}/start`, { entityRef }, headers);
    return [response.status, (await response.json()).error.name];
  };
  assert.deepEqual(await start('web', user), [400, 'InputError']);
  assert.deepEqual(await start('component:nobody', user), [404, 'NotFoundError']);
  assert.deepEqual(await start('component:web', service), [403, 'NotAllowedError']);
  assert.equal(agent.calls.filter(({ method }) => method === 'runner.start').length, 0);
});

test('an error tells its status and its words, and nothing that came with it', { skip }, async (t) => {
  const leaky = Object.assign(new Error('Bad credentials'), { status: 404, request: { headers: { authorization: 'token ghp_leak' } } });
  const tries = [
    [{ config: { integrations: { github: [{ failure: leaky }] } } }, 503, 'GITHUB_CREDENTIALS'],
    [{ catalogFailure: Object.assign(leaky, { name: 'ResponseError' }) }, 503, 'CATALOG_UNAVAILABLE'],
    [{ catalogFailure: Object.assign(new Error('not yours'), { name: 'NotAllowedError', secret: 'ghp_leak' }) }, 403, undefined],
    [{ socket: '/run/secret-place/agent.sock' }, 503, 'AGENT_UNAVAILABLE'],
    [{ answers: { 'runner.start': () => { throw { code: -32000, message: 'x', data: { code: 'ALREADY_RUNNING' } }; } } }, 409, 'ALREADY_RUNNING'],
  ];
  for (const [given, status, code] of tries) {
    const { url } = await startBackend(t, given);
    const response = await post(`${url}/start`, { entityRef: 'component:web' }, user);
    const text = await response.text();
    const { error, request, response: { statusCode } } = JSON.parse(text);
    assert.deepEqual([response.status, statusCode, error.code], [status, status, code], text);
    assert.deepEqual(request, { method: 'POST', url: '/start' });
    assert.doesNotMatch(text, /ghp_leak|secret-place|stack|cause|\.js/);
  }
});

test('permissions are registered, and asked of the policy', { skip }, async (t) => {
  const { url, backend, agent } = await startBackend(t, { denied: ['runner.instance.start', 'user:default/ada'] });
  assert.deepEqual(backend.registeredPermissions.map(({ name, attributes }) => [name, attributes.action]),
    [['runner.instance.read', 'read'], ['runner.instance.start', 'create'], ['runner.instance.stop', 'update']]);
  const ada = { authorization: 'Bearer other-user-token' };
  assert.equal((await post(`${url}/start`, { entityRef: 'component:web' }, user)).status, 403);
  assert.equal((await fetch(`${url}/instances`, { headers: ada })).status, 403);
  assert.equal((await post(`${url}/stop`, { instanceId: ID }, ada)).status, 403);
  assert.equal((await fetch(`${url}/events`, { headers: ada })).status, 403);
  assert.equal(agent.calls.filter(({ method }) => method.startsWith('runner.')).length, 0);
  assert.equal((await fetch(`${url}/instances`, { headers: service })).status, 200);
  assert.deepEqual(await (await post(`${url}/stop`, { instanceId: ID }, service)).json(),
    { message: 'Component stopped successfully', instance: { ...instance, status: 'stopped' } });
});

test('the cookie of a browser opens logs and events, and nothing else', { skip }, async (t) => {
  const { url } = await startBackend(t, { answers: {
    'runner.logs': () => ({ records: [], nextSeq: 1, truncated: false }),
    'runner.watch': () => ({ subscriptionId: 'w', instances: [] }),
  } });
  const headers = { cookie: 'backstage-auth=limited-user-token' };
  assert.equal((await fetch(`${url}/instances/${ID}/logs`, { headers })).status, 200);
  const events = await fetch(`${url}/events`, { headers });
  assert.equal(events.status, 200);
  await events.body.cancel();
  assert.equal((await fetch(`${url}/instances`, { headers })).status, 401);
  assert.equal((await post(`${url}/stop`, { instanceId: ID }, headers)).status, 401);
});

test('the shutdown of the backend ends streams at once, so that their readers ask again', { skip, timeout: 10_000 }, async (t) => {
  const { url, backend, agent } = await startBackend(t, { answers: { 'runner.watch': () => ({ subscriptionId: 'w', instances: [instance] }) } });
  const events = eventsOf(await fetch(`${url}/events`, { headers: user }));
  await events.next();
  await backend.end();
  await assert.rejects(async () => { while (!(await events.next()).done); });
  while (agent.sockets.size > 0) await new Promise(setImmediate);
});

test('a stream is cut after its time, so that its reader shows credentials again', { skip, timeout: 10_000 }, async (t) => {
  const { url } = await startBackend(t, {
    config: { runner: { streams: { maxSeconds: 0.2 } } },
    answers: { 'runner.watch': () => ({ subscriptionId: 'w', instances: [] }) },
  });
  const events = eventsOf(await fetch(`${url}/events`, { headers: user }));
  await assert.rejects(async () => { while (!(await events.next()).done); });
});
