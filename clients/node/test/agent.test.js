'use strict';

// The real agent on a real engine (see support/agent.js).

const test = require('node:test');
const assert = require('node:assert/strict');
const { RunnerClient } = require('..');
const { AgentPlace, example, skipWithoutAgent, skipWithoutEngine: skip } = require('./support/agent');

/** A client of an agent of its own. */
async function startAgent(t, options) {
  const place = await new AgentPlace(t).serve();
  const client = new RunnerClient({ socketPath: place.socketPath, ...options });
  t.after(() => client.close());
  return client;
}

test('a component from start to stop', { skip, timeout: 120_000 }, async (t) => {
  const client = await startAgent(t);
  assert.deepEqual(await client.ping(), {});
  assert.deepEqual((await client.list()).instances, []);

  const watch = client.watch();
  const seen = [];
  const watching = (async () => {
    for await (const { status, phase } of watch) {
      seen.push(phase ? `${status}/${phase}` : status);
      if (status === 'stopped') break;
    }
  })();
  await watch.ready;

  const phases = new Set();
  const started = await client.start(
    { componentRef: 'component:default/hello', source: { path: example('hello') }, ports: ['auto:3000'], wait: 'healthy' },
    { onProgress: ({ phase }) => phases.add(phase) });
  assert.equal(started.status, 'running');
  assert.equal(started.health, 'healthy');
  assert(phases.has('building'), `progress told of ${[...phases]}`);

  const page = await fetch(started.endpoints[0].url);
  assert.match(await page.text(), /Hello from runner-agent/);

  const stream = client.followLogs({ instanceId: started.id, phases: ['run'], streams: ['stdout'] });
  const lines = [];
  for await (const record of stream) {
    lines.push(record.text);
    if (record.text === 'heartbeat 1') break;
  }
  assert(lines.includes('listening on port 3000'));

  const ending = client.followLogs({ instanceId: started.id });
  await ending.ready;
  const stopped = await client.stop({ instanceId: started.id });
  assert.equal(stopped.status, 'stopped');
  let last = 0;
  for await (const record of ending) {
    assert(record.seq > last);
    last = record.seq;
  }
  assert.equal(ending.endReason, 'ended');

  await watching;
  assert(seen.includes('running') && seen.at(-1) === 'stopped', seen.join(' '));
  assert.deepEqual((await client.list()).instances.map(({ id, status }) => [id, status]), [[started.id, 'stopped']]);
});

test('failures have stable codes', { skip, timeout: 120_000 }, async (t) => {
  const client = await startAgent(t);
  const source = { path: example('broken') };
  await assert.rejects(client.get({ instanceId: '00000000-0000-4000-8000-000000000000' }), { code: 'INSTANCE_NOT_FOUND' });
  await assert.rejects(client.request('runner.nothing'), { code: 'METHOD_NOT_FOUND' });
  await assert.rejects(client.start({ source, surprise: true }), { code: 'INVALID_PARAMS' });
  await assert.rejects(client.start({ source, ports: ['auto:3000'], wait: 'running' }), (error) => {
    assert.equal(error.code, 'BUILD_FAILED');
    assert(error.instanceId);
    assert.match(JSON.stringify(error.data), /expected ';'/);
    return true;
  });
});

test('an aborted start is cancelled at the agent, and names its instance', { skip, timeout: 120_000 }, async (t) => {
  const client = await startAgent(t);
  const abort = new AbortController();
  const watch = client.watch();
  await watch.ready;
  const start = client.start(
    { source: { path: example('hello') }, ports: ['auto:3000'], wait: 'healthy' }, { signal: abort.signal });
  let instanceId;
  const rejected = assert.rejects(start, (error) => {
    ({ instanceId } = error);
    return error.name === 'AbortError' && error.code === 'CANCELLED';
  });
  let ended;
  for await (const instance of watch) {
    abort.abort();
    if (instance.status === 'stopped' || instance.status === 'error') {
      ended = instance;
      break;
    }
  }
  await rejected;
  assert.deepEqual([ended.status, ended.failure.code, ended.id], ['stopped', 'CANCELLED', instanceId]);
});

test('a thousand calls at once, from two clients', { skip: skipWithoutAgent, timeout: 60_000 }, async (t) => {
  const place = await new AgentPlace(t).serve();
  const clients = [1, 2].map(() => new RunnerClient({ socketPath: place.socketPath }));
  const calls = clients.flatMap((client) => Array.from({ length: 1000 }, async (_, i) => {
    if (i % 3 === 0) return assert.deepEqual(await client.ping(), {});
    if (i % 3 === 1) return assert.deepEqual(await client.list(), { instances: [] });
    // This one takes a task of the agent's own, so that its answers overtake each other.
    const { config } = await client.validate({ config: `runner: {type: docker, ports: [${3000 + i}]}` });
    return assert.deepEqual(config.ports, [`${3000 + i}`]);
  }));
  await Promise.all(calls);
  await Promise.all(clients.map((client) => client.close()));
});

test('two clients see the same instances', { skip, timeout: 60_000 }, async (t) => {
  const one = await startAgent(t);
  const two = new RunnerClient({ socketPath: one.socketPath });
  t.after(() => two.close());
  const watch = two.watch();
  await watch.ready;
  const { id } = await one.start({ source: { path: '/nonexistent' } });
  for await (const instance of watch) if (instance.id === id && instance.status === 'error') break;
  assert.deepEqual(await two.get({ instanceId: id }), await one.get({ instanceId: id }));
  await two.close();
  assert.deepEqual(await one.ping(), {});
});

test('a follower that does not read costs the client no memory and delays no call', { skip, timeout: 120_000 }, async (t) => {
  const place = await new AgentPlace(t).serve();
  const client = new RunnerClient({ socketPath: place.socketPath });
  t.after(() => client.close());
  const count = 100_000;
  const path = place.component(`sleep 1; awk 'BEGIN { for (i = 1; i <= ${count}; i++) print "line " i }'`);
  const watch = client.watch();
  await watch.ready;
  const { id } = await client.start({ source: { path }, wait: 'running' });
  const stream = client.followLogs({ instanceId: id, phases: ['run'], streams: ['stdout'] });
  await stream.ready;
  for await (const { status } of watch) {
    await client.ping();
    if (status === 'stopped' || status === 'error') break;
  }
  // All is written, and hardly any of it is here; then everything comes, line by line.
  const before = process.memoryUsage.rss();
  let line = '';
  let lines = 0;
  for await (const { text, partial } of stream) {
    line += text;
    if (partial) continue;
    if (line !== `line ${++lines}`) assert.fail(`${line} instead of line ${lines}`);
    line = '';
  }
  assert.equal(lines, count);
  assert(process.memoryUsage.rss() - before < 64e6);
});
