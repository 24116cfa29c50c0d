'use strict';

// Streams against a peer that sends what it likes; resume.test.js has the real agent and engine.

const test = require('node:test');
const assert = require('node:assert/strict');
const { ConnectionLostError } = require('..');
const { Backoff } = require('../lib/backoff');
const { withPeer, answer, refuse, notify } = require('./support/peer');

const records = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => ({ seq: from + i }));
const log = (list, lastSeq = list.at(-1).seq) => notify('runner.log', { records: list, lastSeq });
const acknowledge = (socket, id, firstSeq = 1) => answer(socket, id, { subscriptionId: 's', firstSeq, nextSeq: firstSeq });

async function collect(stream) {
  const values = [];
  for await (const value of stream) values.push(value);
  return values;
}

test('a log ends with its end, and tells where to resume', async (t) => {
  const { client } = await withPeer(t, ({ id, params }, socket) => {
    assert.deepEqual(params, { instanceId: 'i', follow: true });
    acknowledge(socket, id);
    socket.write(log([{ seq: 1, text: 'a' }, { seq: 2, text: 'b' }]) + log([{ seq: 4, text: 'c' }], 5) +
      notify('runner.log.end', { reason: 'ended', nextSeq: 6 }));
  });
  const stream = client.followLogs({ instanceId: 'i' });
  assert.deepEqual((await collect(stream)).map(({ text }) => text), ['a', 'b', 'c']);
  assert.deepEqual([stream.lastSeq, stream.endReason], [5, 'ended']);
});

test('lastSeq is behind what was consumed, not what has come', async (t) => {
  const { client } = await withPeer(t, ({ id }, socket) => {
    acknowledge(socket, id);
    socket.write(log([{ seq: 1 }, { gap: { from: 2, to: 7, reason: 'retention' } }, { seq: 8 }], 9));
  });
  const stream = client.followLogs({ instanceId: 'i' });
  const seen = [];
  for (let i = 0; i < 3; i++) {
    await stream.next();
    seen.push(stream.lastSeq);
  }
  assert.deepEqual(seen, [1, 7, 9]);
});

test('lastSeq passes what the filter left out before the end, once all is consumed', async (t) => {
  const { client } = await withPeer(t, ({ id, params }, socket) => {
    acknowledge(socket, id, 5);
    socket.write((params.instanceId === 'none' ? '' : log(records(5, 6), 8)) + notify('runner.log.end', { reason: 'ended', nextSeq: 21 }));
  });
  const none = client.followLogs({ instanceId: 'none' });
  assert.deepEqual([await collect(none), none.lastSeq], [[], 20]);
  const some = client.followLogs({ instanceId: 'some' });
  await some.ready;
  await new Promise(setImmediate); // The end has come with it.
  const seen = [some.lastSeq];
  for await (const { seq } of some) seen.push(seq, some.lastSeq);
  assert.deepEqual([seen, some.lastSeq], [[4, 5, 5, 6, 20], 20]);
});

test('batches hand out all that is there', async (t) => {
  const { client } = await withPeer(t, ({ id }, socket) => {
    acknowledge(socket, id);
    socket.write(log(records(1, 3)) + log(records(4, 5)) + notify('runner.log.end', { reason: 'ended', nextSeq: 6 }));
  });
  const stream = client.followLogs({ instanceId: 'i' });
  assert.deepEqual((await stream.next()).value, { seq: 1 });
  const batches = await collect(stream.batches());
  assert.deepEqual([batches, stream.lastSeq], [[records(2, 3), records(4, 5)], 5]);
});

test('a log whose connection is lost goes on behind the last record, without repeating one', async (t) => {
  const asked = [];
  const { client } = await withPeer(t, ({ id, params }, socket) => {
    asked.push(params);
    acknowledge(socket, id);
    if (asked.length === 1) return void socket.end(log(records(1, 3)) + log([{ seq: 6 }], 7) + '{"jsonrpc":"2.0","method":"runner.l');
    if (asked.length === 2) return void socket.end(notify('runner.log.end', { reason: 'shutdown', nextSeq: 8 }));
    // An agent that repeats what it should not, and tells of a gap.
    socket.end(log([{ seq: 6 }, { gap: { from: 8, to: 9, reason: 'retention' } }, { seq: 10 }]) +
      notify('runner.log.end', { reason: 'removed', nextSeq: 11 }));
  });
  const reconnects = [];
  const stream = client.followLogs({ instanceId: 'i', tail: 50, streams: ['stdout'] }, { onReconnecting: (told) => reconnects.push(told) });
  assert.deepEqual(await collect(stream), [...records(1, 3), { seq: 6 }, { gap: { from: 8, to: 9, reason: 'retention' } }, { seq: 10 }]);
  assert.equal(stream.endReason, 'removed');
  const common = { instanceId: 'i', streams: ['stdout'], follow: true };
  assert.deepEqual(asked, [{ ...common, tail: 50 }, { ...common, after: 7 }, { ...common, after: 7 }]);
  assert.deepEqual(reconnects.map(({ attempt, error }) => [attempt, error.code]), [[1, 'CONNECTION_LOST'], [2, 'SHUTTING_DOWN']]);
});

test('a log that had no record yet resumes where it began', async (t) => {
  const asked = [];
  const { client } = await withPeer(t, ({ id, params }, socket) => {
    asked.push(params.after);
    acknowledge(socket, id, 41);
    if (asked.length === 1) socket.end();
    else socket.write(log([{ seq: 41 }]) + notify('runner.log.end', { reason: 'ended', nextSeq: 42 }));
  });
  assert.deepEqual(await collect(client.followLogs({ instanceId: 'i', tail: 0 })), [{ seq: 41 }]);
  assert.deepEqual(asked, [undefined, 40]);
});

test('an error of the agent ends a resumed log, unless it may pass', async (t) => {
  let count = 0;
  const { client } = await withPeer(t, ({ id }, socket) => {
    count++;
    if (count === 1) return void acknowledge(socket, id) & socket.end(log(records(1, 2)));
    const [code, retryable] = count === 2 ? ['BUSY', true] : ['INSTANCE_NOT_FOUND', false];
    return refuse(socket, id, { code: -32000, message: 'no', data: { code, retryable, retryAfterMs: 1 } });
  });
  const stream = client.followLogs({ instanceId: 'i' });
  assert.deepEqual([(await stream.next()).value.seq, (await stream.next()).value.seq], [1, 2]);
  await assert.rejects(stream.next(), { code: 'INSTANCE_NOT_FOUND' });
  assert.deepEqual([await stream.next(), count], [{ value: undefined, done: true }, 3]);
});

test('without resume a lost connection is told after the records that came', async (t) => {
  const { client } = await withPeer(t, ({ id }, socket) => {
    acknowledge(socket, id);
    socket.end(log(records(1, 1)));
  });
  const stream = client.followLogs({ instanceId: 'i' }, { resume: false });
  assert.deepEqual(await stream.next(), { value: { seq: 1 }, done: false });
  await assert.rejects(stream.next(), ConnectionLostError);
  assert.deepEqual(await stream.next(), { value: undefined, done: true });
});

test('a stream that finds no agent rejects at once; one that lost it gives up when told to', async (t) => {
  const { client, server } = await withPeer(t, ({ id }, socket) => {
    acknowledge(socket, id);
    socket.end(log(records(1, 1)));
    server.close();
  });
  const stream = client.followLogs({ instanceId: 'i' }, { giveUpAfterMs: 50 });
  assert.deepEqual(await stream.next(), { value: { seq: 1 }, done: false });
  await assert.rejects(stream.next(), { code: 'AGENT_UNAVAILABLE' });
  const late = client.followLogs({ instanceId: 'i' });
  await Promise.all([late.next(), late.ready].map((promise) => assert.rejects(promise, { code: 'AGENT_UNAVAILABLE' })));
});

test('a stream is aborted at any time', async (t) => {
  let sent = '';
  const { client, server } = await withPeer(t, ({ id }, socket) => {
    acknowledge(socket, id);
    if (!sent) return;
    socket.end(sent);
    server.close();
  });
  const aborted = { name: 'AbortError', code: 'CANCELLED' };
  const before = client.followLogs({ instanceId: 'i' }, { signal: AbortSignal.abort() });
  await Promise.all([before.next(), before.ready].map((promise) => assert.rejects(promise, aborted)));

  const waiting = new AbortController();
  const quiet = client.watch({}, { signal: waiting.signal });
  const next = quiet.next();
  const ready = quiet.ready;
  waiting.abort();
  await Promise.all([next, ready].map((promise) => assert.rejects(promise, aborted)));

  // With records that were not consumed, in the pause before the next attempt.
  sent = log(records(1, 2));
  const pausing = new AbortController();
  const lost = new Promise((resolve) => {
    const stream = client.followLogs({ instanceId: 'i' }, { signal: pausing.signal, onReconnecting: () => resolve(stream) });
  });
  const stream = await lost;
  assert.deepEqual((await stream.next()).value, { seq: 1 });
  pausing.abort();
  await assert.rejects(stream.next(), aborted);
  assert.deepEqual([(await stream.next()).done, stream.lastSeq], [true, 1]);
});

for (const [name, text, count] of [['many small records', '', 80_000], ['few large records', 'x'.repeat(100_000), 500]]) {
  test(`a consumer that does not read holds ${name} back, and nobody else`, async (t) => {
    let seq = 0;
    let blocked;
    const whenBlocked = new Promise((resolve) => { blocked = resolve; });
    const { client } = await withPeer(t, ({ id, method }, socket) => {
      acknowledge(socket, id);
      if (method !== 'runner.logs') return;
      const flood = () => {
        while (seq < count) {
          seq++;
          if (!socket.write(log([{ seq, text }]))) {
            socket.once('drain', flood);
            setImmediate(() => setImmediate(blocked));
            return;
          }
        }
        socket.end(notify('runner.log.end', { reason: 'ended', nextSeq: seq + 1 }));
      };
      flood();
    });
    const stream = client.followLogs({ instanceId: 'i' });
    await whenBlocked;
    // Answers still come on the other connection, and the flood comes to a stop far from its end.
    for (let last = -1; last !== seq;) {
      last = seq;
      for (let i = 0; i < 50; i++) await client.ping();
    }
    assert(seq < count / 4, `${seq} records were taken from the agent although nobody read`);
    let expected = 0;
    for await (const record of stream) if (record.seq !== ++expected) assert.fail(`${record.seq} instead of ${expected}`);
    assert.equal(expected, count);
  });
}

test('a stream whose consumer does not read is not resumed before it does', async (t) => {
  let connections = 0;
  let lost;
  const whenLost = new Promise((resolve) => { lost = resolve; });
  const { client } = await withPeer(t, ({ id }, socket) => {
    acknowledge(socket, id);
    connections++;
    const from = connections === 1 ? 1 : 20_001;
    for (let seq = from; seq < from + 20_000; seq += 500) socket.write(log(records(seq, seq + 499)));
    if (connections === 2) socket.write(notify('runner.log.end', { reason: 'ended', nextSeq: 40_001 }));
    socket.end();
  });
  const stream = client.followLogs({ instanceId: 'i' }, { onReconnecting: lost });
  // Half of it waits in the stream and the rest in the socket, until enough is read.
  for (let seq = 1; seq <= 12_000; seq++) await stream.next();
  await whenLost;
  assert.equal(connections, 1);
  assert.deepEqual((await collect(stream)).length, 28_000);
  assert.equal(connections, 2);
});

test('leaving the loop closes the stream\'s connection', async (t) => {
  let closed;
  const whenClosed = new Promise((resolve) => { closed = resolve; });
  const { client } = await withPeer(t, ({ id }, socket) => {
    socket.on('close', closed);
    acknowledge(socket, id);
    socket.write(log([{ seq: 1 }]));
  });
  for await (const record of client.followLogs({ instanceId: 'i' })) {
    assert.equal(record.seq, 1);
    break;
  }
  await whenClosed;
});

test('a watch gives the snapshot before the changes, and a new one after each reconnect', async (t) => {
  let connections = 0;
  const { client } = await withPeer(t, ({ id }, socket) => {
    connections++;
    const result = { subscriptionId: 's', instances: connections === 2 ? [] : [{ id: 'i', revision: connections * 10 }] };
    // In one write: the change must not overtake the snapshot.
    socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n` +
      notify('runner.instance', { instance: { id: 'i', revision: connections * 10 + 1 } }));
    if (connections < 3) socket.end();
  });
  const snapshots = [];
  const stream = client.watch({}, { onSnapshot: (instances) => snapshots.push(instances.length) });
  const seen = [];
  for await (const { revision } of stream) {
    seen.push(revision);
    if (revision === 31) break;
  }
  assert.deepEqual([seen, snapshots], [[10, 11, 21, 30, 31], [1, 0, 1]]);
});

test('the pause doubles up to a limit, differs by chance, and is short again after a good connection', () => {
  const longest = new Backoff(() => 0);
  const delays = Array.from({ length: 8 }, () => longest.delay(1));
  assert.deepEqual(delays, [100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  assert.deepEqual([longest.delay(20_000), longest.attempt], [100, 1]);
  assert.equal(new Backoff(() => 1).delay(), 50);
});
