'use strict';

// The agent as a child over stdin and stdout (see support/agent.js).

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const { RunnerClient } = require('..');
const { AgentPlace, binary, skipWithoutAgent: skip } = require('./support/agent');

const isAlive = (pid) => fs.existsSync(`/proc/${pid}`);

function spawning(t, place, env = { ...process.env, DOCKER_HOST: 'unix:///nonexistent/docker.sock' }) {
  const client = new RunnerClient({ spawn: { command: binary, args: place.options, env } });
  t.after(() => client.close());
  return client;
}

test('the agent is started with the first call, and ends with the client', { skip, timeout: 30_000 }, async (t) => {
  const client = spawning(t, new AgentPlace(t));
  const [{ processId }, pong] = await Promise.all([client.info(), client.ping()]);
  assert.deepEqual(pong, {});
  assert(isAlive(processId));
  await client.close();
  assert(!isAlive(processId));
});

test('streams go over the socket of the child', { skip, timeout: 30_000 }, async (t) => {
  const client = spawning(t, new AgentPlace(t));
  const watch = client.watch();
  await watch.ready;
  const { id } = await client.start({ source: { path: '/nonexistent' } });
  for await (const instance of watch) if (instance.status === 'error') break;
  const log = client.followLogs({ instanceId: id });
  const texts = [];
  for await (const { text } of log) texts.push(text);
  assert.equal(log.endReason, 'ended');
  assert(texts.length > 0);
  const closing = client.watch();
  await closing.next();
  const rejected = assert.rejects(closing.next(), { code: 'CLIENT_CLOSED' });
  await client.close();
  await rejected;
});

test('a child that was killed is started again by the next call, and by a stream', { skip, timeout: 30_000 }, async (t) => {
  const client = spawning(t, new AgentPlace(t));
  const { processId } = await client.info();
  const snapshots = [];
  let again;
  const snapshotAgain = new Promise((resolve) => { again = resolve; });
  const watch = client.watch({}, { onSnapshot: () => snapshots.push(0) > 1 && again() });
  const ending = assert.rejects(watch.next(), { code: 'CLIENT_CLOSED' });
  await watch.ready;
  const waiting = assert.rejects(client.start({ source: { path: '/nonexistent' }, wait: 'running' }), (error) =>
    ['CONNECTION_LOST', 'DIRECTORY_NOT_FOUND', 'CONFIG_NOT_FOUND', 'INVALID_LOCATION'].includes(error.code));
  process.kill(processId, 'SIGKILL');
  await waiting;
  assert.notEqual((await client.info()).processId, processId);
  await snapshotAgain;
  await client.close();
  await ending;
});

test('a second one passes on to the first', { skip, timeout: 30_000 }, async (t) => {
  const place = new AgentPlace(t);
  const [one, two] = [spawning(t, place), spawning(t, place)];
  const { processId } = await one.info();
  assert.equal((await two.info()).processId, processId);
  const watch = two.watch();
  await watch.ready;
  await watch.return();
  await two.close();
  assert.deepEqual(await one.ping(), {});
});

test('an agent that cannot start says why', { skip, timeout: 30_000 }, async (t) => {
  const missing = new RunnerClient({ spawn: { command: '/nonexistent/runner-agent' } });
  await assert.rejects(missing.ping(), { code: 'AGENT_UNAVAILABLE', sent: false, message: /ENOENT/, hint: /spawn\.command/ });
  const place = new AgentPlace(t, 'limits: [');
  let log = '';
  const broken = new RunnerClient({ spawn: { command: binary, args: place.options, onLog: (text) => { log += text; } } });
  await assert.rejects(broken.ping(), { code: 'AGENT_UNAVAILABLE', sent: false, message: /ended with status 2; its last line: .*config\.yml/ });
  assert.match(log, /config\.yml/);
  await Promise.all([missing.close(), broken.close()]);
});
