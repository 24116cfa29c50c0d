'use strict';

// Streams of an agent that ends and is started again, on a real engine (see support/agent.js).

const test = require('node:test');
const assert = require('node:assert/strict');
const { RunnerClient } = require('..');
const { AgentPlace, skipWithoutEngine: skip } = require('./support/agent');

const COUNTING = 'i=0; while :; do i=$((i+1)); echo "line $i"; sleep 0.005; done';

test('a log goes on when the agent is killed, and when it is ended, and started again', { skip, timeout: 120_000 }, async (t) => {
  const place = await new AgentPlace(t).serve();
  const client = new RunnerClient({ socketPath: place.socketPath });
  t.after(() => client.close());
  const { id } = await client.start({ source: { path: place.component(COUNTING) }, wait: 'running' });

  const lost = [];
  const stream = client.followLogs({ instanceId: id }, { onReconnecting: ({ error }) => lost.push(error.code) });
  const seen = [];
  const restarts = [];
  const restart = async (signal) => {
    await place.end(signal);
    await place.serve();
  };
  for await (const record of stream) {
    seen.push(record);
    if (seen.length === 100) restarts.push(restart('SIGKILL'));
    if (seen.length === 300) restarts.push(restart('SIGTERM'));
    if (seen.length === 500) restarts.push(client.stop({ instanceId: id }));
  }
  await Promise.all(restarts);
  assert.equal(stream.endReason, 'ended');
  assert(lost[0] === 'CONNECTION_LOST' && lost.includes('SHUTTING_DOWN'), lost.join());
  // Record for record what the agent's log holds: none twice, none left out.
  assert.deepEqual(seen.map(({ seq }) => seq), seen.map((_, i) => i + 1));
  const { records } = await client.logs({ instanceId: id, limit: 10_000 });
  assert.deepEqual(seen, records);
});

test('a watch gives a new snapshot when the agent was killed and started again', { skip, timeout: 120_000 }, async (t) => {
  const place = await new AgentPlace(t).serve();
  const client = new RunnerClient({ socketPath: place.socketPath });
  t.after(() => client.close());
  const { id } = await client.start({ source: { path: place.component(COUNTING) }, wait: 'running' });
  const snapshots = [];
  const watch = client.watch({ instanceId: id }, { onSnapshot: (instances) => snapshots.push(instances[0].status) });
  assert.deepEqual([(await watch.next()).value.status, snapshots], ['running', ['running']]);
  await place.end('SIGKILL');
  await assert.rejects(client.ping(), { code: 'AGENT_UNAVAILABLE' });
  await place.serve();
  for await (const { status } of watch) {
    if (snapshots.length > 1 && status === 'running') {
      await client.stop({ instanceId: id });
    } else if (status === 'stopped') {
      break;
    }
  }
  assert.equal(snapshots.length, 2);
});
