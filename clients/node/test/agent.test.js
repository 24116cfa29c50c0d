'use strict';

// The real agent on a real engine: RUNNER_AGENT_BINARY names it, DOCKER_HOST the engine (`make test` sets both).

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { RunnerClient } = require('..');

const binary = process.env.RUNNER_AGENT_BINARY;
const required = process.env.RUNNER_AGENT_REQUIRE_ENGINE === '1';
const skip = !required && !(binary && process.env.DOCKER_HOST) && 'needs RUNNER_AGENT_BINARY and DOCKER_HOST';
const example = (name) => path.resolve(__dirname, '../../../Tests/examples', name);

/** An agent of its own, listening when this returns; ended with SIGTERM after the test, which must give status 0. */
async function startAgent(t) {
  assert(binary, 'RUNNER_AGENT_BINARY is not set');
  const directory = fs.mkdtempSync('/tmp/ra-');
  const socketPath = path.join(directory, 'agent.sock');
  fs.writeFileSync(`${directory}/config.yml`, '');
  const child = spawn(binary, [
    'serve', '--socket', socketPath, '--state-dir', `${directory}/state`, '--cache-dir', `${directory}/cache`,
    '--config', `${directory}/config.yml`, '--bind-address', '127.0.0.1', '--public-host', '127.0.0.1',
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  const client = new RunnerClient({ socketPath });
  t.after(async () => {
    client.close();
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    fs.rmSync(directory, { recursive: true });
    assert.equal(child.exitCode, 0);
  });
  let log = '';
  await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the agent ended with status ${code}: ${log}`)));
    child.stderr.on('data', (chunk) => {
      log += chunk;
      if (log.includes('listening on')) resolve();
    });
  });
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

test('an aborted start is cancelled at the agent', { skip, timeout: 120_000 }, async (t) => {
  const client = await startAgent(t);
  const abort = new AbortController();
  const watch = client.watch();
  await watch.ready;
  const start = client.start(
    { source: { path: example('hello') }, ports: ['auto:3000'], wait: 'healthy' }, { signal: abort.signal });
  const rejected = assert.rejects(start, { name: 'AbortError' });
  let ended;
  for await (const instance of watch) {
    abort.abort();
    if (instance.status === 'stopped' || instance.status === 'error') {
      ended = instance;
      break;
    }
  }
  await rejected;
  assert.equal(ended.status, 'stopped');
  assert.equal(ended.failure.code, 'CANCELLED');
});
