'use strict';

// The plugin's example usage flow, step by step, through HTTP: real express, real agent, real engine, a private repository.

const test = require('node:test');
const assert = require('node:assert/strict');
const { AgentPlace, skipWithoutEngine, example } = require('./support/agent');
const { installBackend, skip: noExpress } = require('./backstage/install');
const { startGitHub } = require('./backstage/loopback-github');
const { post, eventsOf } = require('./rest/serve');

const skip = skipWithoutEngine || noExpress;
const TOKEN = 'ghp_OfTheIntegration';
const signedIn = { authorization: 'Bearer user-token' };

test('the example usage flow', { skip, timeout: 120_000 }, async (t) => {
  const github = await startGitHub(t, { 'example/hello': example('hello'), 'example/broken': example('broken') }, TOKEN);
  const agent = await new AgentPlace(t, github.config).serve();
  const component = (name, enabled) => ({
    apiVersion: 'backstage.io/v1alpha1', kind: 'Component', spec: { type: 'website' }, metadata: { name, annotations: {
      'runner.backstage.io/enabled': enabled, 'backstage.io/source-location': `url:http://${github.host}/example/${name}/tree/main/`,
    } },
  });
  const installed = installBackend(t);
  const backend = installed.require('@backstage/backend-defaults').createBackend({
    entities: [component('hello', 'true'), component('broken', 'true'), component('other', 'false')],
    config: { runner: { agent: { socket: agent.socketPath } }, integrations: { github: [{ host: github.host, token: TOKEN }] } },
  });
  t.after(async () => { backend.server.closeAllConnections(); await backend.stop(); });
  const get = async (path) => (await fetch(backend.url + path, { headers: signedIn })).json();
  let components;
  let instance;

  await t.test('1. User navigates to Runner page in Backstage', async () => {
    backend.add(installed.require('@runner-agent/plugin-runner-backend').default);
    await backend.start();
    assert.deepEqual(await get('/api/runner/instances'), { items: [] });
  });

  await t.test('2. Frontend fetches runner-enabled components from catalog', async () => {
    components = await get('/api/catalog/entities?filter=kind=component,metadata.annotations.runner.backstage.io/enabled=true');
    assert.deepEqual(components.map(({ metadata }) => metadata.name), ['hello', 'broken']);
  });

  await t.test('3. User clicks "Start" on a component', () => {
    components = components.filter(({ metadata }) => metadata.name === 'hello');
  });

  await t.test('4. Frontend calls `POST /api/runner/start` with entityRef', async () => {
    const response = await post(`${backend.url}/api/runner/start`, { entityRef: `component:default/${components[0].metadata.name}` }, signedIn);
    instance = await response.json();
    assert.equal(response.status, 201, JSON.stringify(instance));
    assert.match(instance.id, /^[0-9a-f-]{36}$/);
    assert.equal(instance.componentRef, 'component:default/hello');
    assert.equal(instance.status, 'starting');
    assert.deepEqual(instance.ports, []);
    assert(Date.parse(instance.startedAt));
  });

  await t.test('5. Backend clones repo, builds Docker image, starts container', async () => {
    const events = eventsOf(await fetch(`${backend.url}/api/runner/events`, { headers: signedIn }));
    for await (const { event, data } of events) {
      if (!event) continue;
      const now = event === 'instances' ? data.items.find(({ id }) => id === instance.id) : data;
      assert.notEqual(now.status, 'error', now.error);
      if (now.status === 'running' && now.health === 'healthy') break;
    }
  });

  await t.test('6. Frontend polls `GET /api/runner/instances/:id` for status updates', async () => {
    instance = await get(`/api/runner/instances/${instance.id}`);
    assert.equal(instance.status, 'running');
    assert.equal(instance.source.repository, 'example/hello');
    assert.match(instance.containerId, /^[0-9a-f]{64}$/);
    assert.deepEqual(instance.ports, [instance.endpoints[0].hostPort]);
    assert.match(await (await fetch(instance.endpoints[0].url)).text(), /Hello from runner-agent/);
    assert.deepEqual((await get('/api/runner/instances')).items.map(({ id }) => id), [instance.id]);
  });

  await t.test('7. User can view logs via `GET /api/runner/instances/:id/logs`', async () => {
    const path = `/api/runner/instances/${instance.id}/logs`;
    const { logs } = await get(path);
    assert.match(logs, /\[5\/5\] RUN echo/);
    assert.match(logs, /^listening on port 3000$/m);
    assert.match(logs, /^requests are logged here$/m);
    assert.equal((await get(`${path}?streams=stderr&tail=1`)).logs.split('\n').length, 2);
    assert.doesNotMatch(logs, new RegExp(TOKEN));

    const text = await fetch(`${backend.url}${path}?follow=true&tail=0`, { headers: signedIn });
    let followed = '';
    for await (const chunk of text.body) if (/heartbeat \d/.test(followed += Buffer.from(chunk))) break;

    const events = eventsOf(await fetch(backend.url + path, { headers: { ...signedIn, accept: 'text/event-stream' } }));
    const records = [];
    for await (const { event, id, data } of events) {
      if (event !== 'log') continue;
      assert.equal(Number(id), data.seq);
      records.push(data);
      if (data.text === 'listening on port 3000') break;
    }
    assert.deepEqual(records.map(({ seq }) => seq), records.map((_, index) => index + 1));
  });

  await t.test('8. User clicks "Stop" to terminate the instance', async () => {
    const response = await post(`${backend.url}/api/runner/stop`, { instanceId: instance.id }, signedIn);
    assert.equal(response.status, 200);
    assert.equal((await response.json()).message, 'Component stopped successfully');
    instance = await get(`/api/runner/instances/${instance.id}`);
    assert.equal(instance.status, 'stopped');
    assert(Date.parse(instance.stoppedAt) >= Date.parse(instance.startedAt));
    await assert.rejects(fetch(`http://127.0.0.1:${instance.endpoints[0]?.hostPort ?? 9}/`));
    assert.match((await get(`/api/runner/instances/${instance.id}/logs`)).logs, /^stopping$/m);
  });
});
