'use strict';

// The router through express before the real agent on a real engine: agents that go and come back, backends that share one.

const test = require('node:test');
const assert = require('node:assert/strict');
const { RunnerClient } = require('..');
const { createRouter } = require('../lib/rest');
const { AgentPlace, skipWithoutEngine } = require('./support/agent');
const { findDebianPackages, skip: noExpress } = require('./backstage/install');
const { serve, post, eventsOf } = require('./rest/serve');

const skip = skipWithoutEngine || noExpress;

/** An express application with a parser of its own before the router, as a portal may have it. */
async function servePortal(t, socketPath, sources) {
  findDebianPackages();
  const express = require('express');
  const client = new RunnerClient({ socketPath });
  const router = createRouter({ client, describeStart: async ({ entityRef }) => ({ source: { path: sources[entityRef] } }) });
  const app = express();
  app.use(express.json());
  app.use('/portal/runner', router);
  const { url } = await serve(t, app, () => { router.close(); client.close(); });
  return `${url}/portal/runner`;
}

const counter = 'i=0; while sleep 0.02; do i=$((i + 1)); echo "line $i"; done\n';

test('a stream of events goes on when the agent is killed and started again, without a hole or a repetition', { skip, timeout: 120_000 }, async (t) => {
  const place = await new AgentPlace(t).serve();
  const url = await servePortal(t, place.socketPath, { 'component:default/counter': place.component(counter) });
  const started = await post(`${url}/start`, { entityRef: 'component:counter' });
  assert.equal(started.status, 201);
  const { id } = await started.json();

  const response = await fetch(`${url}/instances/${id}/logs`, { headers: { accept: 'text/event-stream' } });
  let isRunning = false; // An agent that is killed before would have interrupted the start.
  let killedAt;
  let last = 0;
  for await (const { event, id: mark, data } of eventsOf(response)) {
    if (!event) continue;
    assert(event === 'log' || event === 'gap', JSON.stringify(data));
    assert.equal(event === 'gap' ? data.from : data.seq, last + 1); // What is missing would be told by a gap.
    last = Number(mark);
    isRunning ||= data.phase === 'lifecycle' && data.text.startsWith('running at');
    if (isRunning && killedAt === undefined) {
      killedAt = last;
      await place.end('SIGKILL');
      assert.equal((await fetch(`${url}/instances`)).status, 503);
      await place.serve();
    }
    if (last >= killedAt + 50) break;
  }
  assert(last >= killedAt + 50, `the stream ended at ${last}`);
  const { status } = await (await fetch(`${url}/instances/${id}`)).json();
  assert.equal(status, 'running');
  await post(`${url}/stop`, { instanceId: id, timeoutSeconds: 1 });
});

test('two backends on one agent see the same, and each its own streams', { skip, timeout: 120_000 }, async (t) => {
  const place = await new AgentPlace(t).serve();
  const sources = { 'component:default/one': place.component(counter), 'component:default/two': place.component(counter) };
  const first = await servePortal(t, place.socketPath, sources);
  const second = await servePortal(t, place.socketPath, sources);
  const changes = eventsOf(await fetch(`${second}/events`));
  await changes.next();
  const { id } = await (await post(`${first}/start`, { entityRef: 'component:one' })).json();
  for await (const { event, data } of changes) if (event === 'instance' && data.id === id && data.status === 'running') break;
  const refused = await post(`${second}/start`, { entityRef: 'component:two', onExisting: 'reject' });
  assert.equal(refused.status, 409);
  assert.equal((await refused.json()).error.code, 'ALREADY_RUNNING');

  const lines = async (url) => {
    const events = eventsOf(await fetch(`${url}/instances/${id}/logs?phases=run`, { headers: { accept: 'text/event-stream' } }));
    const seen = [];
    for await (const { event, data } of events) {
      if (event === 'log') seen.push(data.text);
      if (seen.length === 30) break;
    }
    return seen;
  };
  assert.deepEqual(...await Promise.all([lines(first), lines(second)]));
  const poll = await (await fetch(`${second}/instances/${id}/logs?after=0&wait=5&limit=3`)).json();
  assert.deepEqual(poll.records.map(({ seq }) => seq), [1, 2, 3]);
  assert.equal(poll.lastSeq, 3);
  assert.equal((await post(`${second}/stop`, { instanceId: id, timeoutSeconds: 1 })).status, 200);
  assert.equal((await (await fetch(`${first}/instances/${id}`)).json()).status, 'stopped');
});
