'use strict';

// The other end is a real unix socket that the test writes to byte by byte; agent.test.js has the real agent.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { RunnerClient, RunnerError, ConnectionLostError } = require('..');
const { LineSplitter } = require('../lib/line-splitter');

/** A server whose `serve(request, socket)` is called for each line, and a client of it. */
async function withPeer(t, serve) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'ra-'));
  const socketPath = path.join(directory, 's');
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    const splitter = new LineSplitter(1 << 20);
    socket.on('error', () => {});
    socket.on('data', (chunk) => splitter.push(chunk, (line) => serve(JSON.parse(line), socket)));
  });
  server.listen(socketPath);
  await once(server, 'listening');
  const client = new RunnerClient({ socketPath });
  t.after(() => {
    client.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    fs.rmSync(directory, { recursive: true });
  });
  return { client, sockets, server, socketPath };
}

const answer = (socket, id, result) => socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
const notify = (method, params) => `${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`;

test('pipelined requests get their own answers, in whatever order', async (t) => {
  const held = [];
  const { client } = await withPeer(t, (request, socket) => {
    held.push(request);
    if (held.length === 3) for (const { id, params } of held.reverse()) answer(socket, id, params);
  });
  const results = await Promise.all([1, 2, 3].map((n) => client.request('echo', { n })));
  assert.deepEqual(results, [{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('an error is typed by its stable code', async (t) => {
  const { client } = await withPeer(t, ({ id, method }, socket) => {
    const error = method === 'runner.get'
      ? { code: -32000, message: 'no such instance', data: { code: 'INSTANCE_NOT_FOUND', hint: 'list them', retryable: false } }
      : { code: -32601, message: 'unknown method' };
    socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, error })}\n`);
  });
  await assert.rejects(client.get({ instanceId: 'x' }), (error) => {
    assert(error instanceof RunnerError);
    assert.deepEqual([error.code, error.rpcCode, error.hint], ['INSTANCE_NOT_FOUND', -32000, 'list them']);
    return true;
  });
  await assert.rejects(client.request('nope'), { code: 'METHOD_NOT_FOUND', rpcCode: -32601 });
});

test('abort cancels at the agent, rejects at once, and the late answer is dropped', async (t) => {
  const seen = [];
  const abort = new AbortController();
  const { client } = await withPeer(t, (request, socket) => {
    seen.push(request);
    if (request.method === 'slow') abort.abort();
    if (request.method === '$/cancelRequest') answer(socket, request.params.id, 'too late');
    if (request.method === 'agent.ping') answer(socket, request.id, {});
  });
  await assert.rejects(client.request('slow', {}, { signal: abort.signal }), { name: 'AbortError' });
  assert.deepEqual(await client.ping(), {});
  assert.deepEqual(seen[1], { jsonrpc: '2.0', method: '$/cancelRequest', params: { id: seen[0].id } });
  await assert.rejects(client.request('never sent', {}, { signal: abort.signal }), { name: 'AbortError' });
  assert.equal(seen.length, 3);
});

test('a lost connection rejects what waits, and the next request connects again', async (t) => {
  const { client, sockets } = await withPeer(t, (request, socket) => {
    if (request.method === 'drop') socket.destroy();
    else answer(socket, request.id, {});
  });
  await assert.rejects(client.request('drop'), (error) => {
    assert(error instanceof ConnectionLostError);
    assert.deepEqual([error.code, error.sent, error.retryable], ['CONNECTION_LOST', true, false]);
    return true;
  });
  assert.deepEqual(await client.ping(), {});
  assert.equal(sockets.size, 2);
});

test('no agent is told apart from a lost one', async () => {
  const client = new RunnerClient({ socketPath: '/nonexistent/agent.sock' });
  await assert.rejects(client.ping(), { code: 'AGENT_UNAVAILABLE', sent: false, retryable: true });
  client.close();
  await assert.rejects(client.ping(), { code: 'CLIENT_CLOSED' });
});

test('bytes that are not the protocol end the connection', async (t) => {
  const { client } = await withPeer(t, (request, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n'));
  await assert.rejects(client.ping(), { code: 'CONNECTION_LOST' });
});

test('a log ends with its end, and tells where to resume', async (t) => {
  const { client } = await withPeer(t, ({ id, params }, socket) => {
    assert.deepEqual(params, { instanceId: 'i', follow: true });
    socket.write(
      `{"jsonrpc":"2.0","id":${id},"result":{"subscriptionId":"s","firstSeq":1,"nextSeq":1}}\n` +
      notify('runner.log', { records: [{ seq: 1, text: 'a' }, { seq: 2, text: 'b' }], lastSeq: 2 }) +
      notify('runner.log', { records: [{ seq: 4, text: 'c' }], lastSeq: 5 }) +
      notify('runner.log.end', { reason: 'ended', nextSeq: 6 }));
  });
  const stream = client.followLogs({ instanceId: 'i' });
  const texts = [];
  for await (const { text } of stream) texts.push(text);
  assert.deepEqual([texts, stream.lastSeq, stream.endReason], [['a', 'b', 'c'], 5, 'ended']);
});

test('a log whose connection is lost throws after the records that came', async (t) => {
  const { client } = await withPeer(t, ({ id }, socket) => {
    answer(socket, id, {});
    socket.end(notify('runner.log', { records: [{ seq: 1 }], lastSeq: 1 }));
  });
  const stream = client.followLogs({ instanceId: 'i' });
  assert.deepEqual(await stream.next(), { value: { seq: 1 }, done: false });
  await assert.rejects(stream.next(), ConnectionLostError);
  assert.deepEqual(await stream.next(), { value: undefined, done: true });
});

test('a consumer that does not read holds the agent back, and nobody else', async (t) => {
  const text = 'x'.repeat(1000);
  let seq = 0;
  let blocked;
  const whenBlocked = new Promise((resolve) => { blocked = resolve; });
  const { client } = await withPeer(t, ({ id, method }, socket) => {
    answer(socket, id, {});
    if (method !== 'runner.logs') return;
    const flood = () => {
      while (seq < 100_000) {
        seq++;
        if (!socket.write(notify('runner.log', { records: [{ seq, text }], lastSeq: seq }))) {
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
  assert(seq < 20_000, `${seq} records were taken from the agent although nobody read`);
  let expected = 0;
  for await (const record of stream) assert.equal(record.seq, ++expected);
  assert.equal(expected, 100_000);
});

test('leaving the loop closes the stream\'s connection', async (t) => {
  let closed;
  const whenClosed = new Promise((resolve) => { closed = resolve; });
  const { client } = await withPeer(t, ({ id }, socket) => {
    socket.on('close', closed);
    answer(socket, id, {});
    socket.write(notify('runner.log', { records: [{ seq: 1 }], lastSeq: 1 }));
  });
  for await (const record of client.followLogs({ instanceId: 'i' })) {
    assert.equal(record.seq, 1);
    break;
  }
  await whenClosed;
});

test('a watch gives the snapshot before the changes, even from one read', async (t) => {
  const { client } = await withPeer(t, ({ id }, socket) => {
    socket.write(
      `{"jsonrpc":"2.0","id":${id},"result":{"subscriptionId":"s","instances":[{"revision":1}]}}\n` +
      notify('runner.instance', { instance: { revision: 2 } }));
  });
  const abort = new AbortController();
  const stream = client.watch({}, { signal: abort.signal });
  assert.equal((await stream.next()).value.revision, 1);
  assert.equal((await stream.next()).value.revision, 2);
  const waiting = stream.next();
  abort.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
});

test('progress of a start reaches its own callback', async (t) => {
  const { client } = await withPeer(t, ({ id, params }, socket) => {
    const { progressToken } = params._meta;
    socket.write(notify('$/progress', { token: progressToken, value: { kind: 'report', message: 'building' } }));
    socket.write(notify('$/progress', { token: 'another', value: { kind: 'report', message: 'not mine' } }));
    answer(socket, id, { id: 'i' });
  });
  const messages = [];
  const onProgress = ({ message }) => messages.push(message);
  assert.deepEqual(await client.start({ source: { path: '/x' } }, { onProgress }), { id: 'i' });
  assert.deepEqual(messages, ['building']);
});

test('the module is the same for import and require', async () => {
  const imported = await import('../index.mjs');
  assert.deepEqual(Object.keys(imported).sort(), Object.keys(require('..')).sort());
  assert.equal(imported.RunnerClient, RunnerClient);
});
