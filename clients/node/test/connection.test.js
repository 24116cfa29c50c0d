'use strict';

const test = require('node:test');
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const path = require('node:path');
const { once } = require('node:events');
const { RunnerClient, RunnerError, ConnectionLostError, CancelledError, RequestTimeoutError } = require('..');
const { withPeer, answer, refuse, notify } = require('./support/peer');

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
    refuse(socket, id, method === 'runner.get'
      ? { code: -32000, message: 'no such instance', data: { code: 'INSTANCE_NOT_FOUND', hint: 'list them', retryable: false } }
      : { code: -32601, message: 'unknown method' });
  });
  await assert.rejects(client.get({ instanceId: 'x' }), (error) => {
    assert(error instanceof RunnerError);
    assert.deepEqual([error.code, error.rpcCode, error.hint], ['INSTANCE_NOT_FOUND', -32000, 'list them']);
    return true;
  });
  await assert.rejects(client.request('nope'), { code: 'METHOD_NOT_FOUND', rpcCode: -32601 });
});

test('an aborted call is cancelled at the agent and settles with its answer', async (t) => {
  const seen = [];
  const abort = new AbortController();
  const { client } = await withPeer(t, (request, socket) => {
    seen.push(request);
    if (seen.length === 2) abort.abort();
    if (request.method !== '$/cancelRequest') return;
    const { id } = request.params;
    if (id === 1) refuse(socket, id, { code: -32800, message: 'Cancelled', data: { code: 'CANCELLED', retryable: false, instanceId: 'i' } });
    else answer(socket, id, 'done before that');
  });
  const cancelled = client.start({ source: { path: '/x' } }, { signal: abort.signal });
  const late = client.request('late', {}, { signal: abort.signal });
  await assert.rejects(cancelled, (error) => {
    assert(error instanceof CancelledError && error instanceof RunnerError);
    assert.deepEqual([error.name, error.code, error.instanceId], ['AbortError', 'CANCELLED', 'i']);
    assert.equal(error.cause, abort.signal.reason);
    return true;
  });
  assert.equal(await late, 'done before that');
  assert.deepEqual(seen.slice(2).map(({ method, params }) => [method, params.id]), [['$/cancelRequest', 1], ['$/cancelRequest', 2]]);
  await assert.rejects(client.request('never sent', {}, { signal: abort.signal }), { name: 'AbortError', code: 'CANCELLED' });
  assert.equal(seen.length, 4);
});

test('a call that takes too long is cancelled and rejects at once', async (t) => {
  const seen = [];
  const { client } = await withPeer(t, (request, socket) => {
    seen.push(request);
    if (request.method === '$/cancelRequest') answer(socket, request.params.id, 'too late');
    if (request.method === 'agent.ping') answer(socket, request.id, {});
  }, { timeoutMs: 20 });
  await assert.rejects(client.list(), (error) => {
    assert(error instanceof RequestTimeoutError);
    assert.deepEqual([error.code, error.retryable], ['REQUEST_TIMEOUT', true]);
    return true;
  });
  await assert.rejects(client.list({}, { timeoutMs: undefined }), { code: 'REQUEST_TIMEOUT' });
  await assert.rejects(client.list({}, { timeoutMs: 10 }), { code: 'REQUEST_TIMEOUT', message: /runner\.list within 10 ms/ });
  assert.deepEqual(await client.ping({ timeoutMs: 0 }), {});
  const cancelled = ['runner.list', '$/cancelRequest'];
  assert.deepEqual(seen.map(({ method }) => method), [...cancelled, ...cancelled, ...cancelled, 'agent.ping']);
});

test('an abort by AbortSignal.timeout is told as one', async (t) => {
  const { client } = await withPeer(t, (request, socket) => {
    if (request.method === '$/cancelRequest') refuse(socket, request.params.id, { code: -32800, message: 'Cancelled' });
  });
  await assert.rejects(client.list({}, { signal: AbortSignal.timeout(5) }), { name: 'TimeoutError', code: 'CANCELLED' });
});

test('a start that waits may take as long as the agent allows it', async (t) => {
  const { client } = await withPeer(t, ({ id, method }, socket) => {
    if (method === 'runner.start') setTimeout(() => answer(socket, id, { id: 'i' }), 60);
  }, { timeoutMs: 20 });
  const source = { path: '/x' };
  assert.deepEqual(await client.start({ source, wait: 'running', timeoutSeconds: 5 }), { id: 'i' });
  await assert.rejects(client.start({ source, timeoutSeconds: 5 }), { code: 'REQUEST_TIMEOUT' });
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

test('no agent is told apart from a lost one, with what to do', async (t) => {
  const client = new RunnerClient({ socketPath: '/nonexistent/agent.sock' });
  await assert.rejects(client.ping(), {
    code: 'AGENT_UNAVAILABLE', sent: false, retryable: true,
    message: 'no agent answers on /nonexistent/agent.sock: there is no such socket; start one with "runner-agent serve"',
    hint: /socketPath/,
  });
  await client.close();
  await assert.rejects(client.ping(), { code: 'CLIENT_CLOSED' });
});

test('close rejects everything that waits', async (t) => {
  const { client } = await withPeer(t, ({ id, method }, socket) => {
    if (method === 'runner.logs') answer(socket, id, { subscriptionId: 's', firstSeq: 1, nextSeq: 1 });
  });
  const stream = client.followLogs({ instanceId: 'i' });
  await stream.ready;
  const opening = client.watch();
  const rejected = [client.ping(), stream.next(), opening.ready, opening.next()].map((promise) => assert.rejects(promise, { code: 'CLIENT_CLOSED' }));
  const closed = client.close();
  assert.equal(client.close(), closed);
  await Promise.all([...rejected, closed]);
  assert.throws(() => client.watch(), { code: 'CLIENT_CLOSED' });
});

test('neither an idle client nor a closed one keeps the process alive', async (t) => {
  const { socketPath } = await withPeer(t, ({ id, method }, socket) =>
    answer(socket, id, method === 'agent.ping' ? {} : { subscriptionId: 's', instances: [{}] }));
  for (const [name, end] of [['idle', ''], ['closed', 'const w = client.watch(); await w.next(); await client.close();']]) {
    const script = `
      const { RunnerClient } = require(${JSON.stringify(path.resolve(__dirname, '..'))});
      (async () => {
        const client = new RunnerClient({ socketPath: ${JSON.stringify(socketPath)} });
        await client.ping();
        ${end}
        console.log('done');
      })();`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => { output += chunk; });
    const [status] = await once(child, 'exit', { signal: AbortSignal.timeout(10_000) });
    assert.deepEqual([name, status, output], [name, 0, 'done\n']);
  }
});

for (const [name, garbage] of [
  ['another protocol', 'HTTP/1.1 400 Bad Request\r\n'],
  ['JSON that is no message', 'null\n'],
  ['a number', '42\n'],
  ['an object that is neither answer nor notification', '{}\n'],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x0a])],
  ['a notification without what it must have', notify('runner.log', {}) + notify('runner.instance') + notify('$/progress')],
]) {
  test(`${name} ends the connection and what waits on it`, async (t) => {
    const { client } = await withPeer(t, (request, socket) => socket.write(garbage));
    await assert.rejects(client.ping(), (error) => {
      assert(error instanceof ConnectionLostError);
      assert.deepEqual([error.code, error.retryable], ['PROTOCOL_ERROR', false]);
      return true;
    });
    await assert.rejects(client.followLogs({ instanceId: 'i' }).next(), { code: 'PROTOCOL_ERROR' });
    await assert.rejects(client.watch().next(), { code: 'PROTOCOL_ERROR' });
  });
}

test('a line without end takes bounded memory', async (t) => {
  const chunk = Buffer.alloc(1 << 20, 'x');
  const { client } = await withPeer(t, (request, socket) => {
    const more = () => {
      while (!socket.destroyed) if (!socket.write(chunk)) return void socket.once('drain', more);
    };
    more();
  });
  await assert.rejects(client.ping(), (error) => error.code === 'PROTOCOL_ERROR' && error.cause instanceof RangeError);
});

test('a connection that the agent refuses rejects with its reason', async (t) => {
  const { client } = await withPeer(t, (request, socket) => {
    refuse(socket, null, { code: -32000, message: 'Too many', data: { code: 'TOO_MANY_CONNECTIONS', retryable: true } });
    socket.end();
  });
  await assert.rejects(Promise.all([client.ping(), client.list()]), { code: 'TOO_MANY_CONNECTIONS', retryable: true });
});

test('what the agent could not answer by id is not sent', async (t) => {
  const { client } = await withPeer(t, ({ id, params }, socket) => answer(socket, id, params ?? {}));
  let deep = {};
  for (let i = 0; i < 62; i++) deep = { deep };
  const fits = { text: '{[\\ud800', quote: '"'.repeat(200), deep: deep.deep };
  assert.deepEqual(await client.request('echo', fits), fits);
  await assert.rejects(client.request('echo', { deep }), { code: 'INVALID_PARAMS', message: /nested/ });
  await assert.rejects(client.request('echo', { text: 'half \ud83d' }), { code: 'INVALID_PARAMS', message: /surrogate/ });
  await assert.rejects(client.request('echo', { text: 'ü'.repeat(2 << 20) }), { code: 'MESSAGE_TOO_LARGE' });
  const cyclic = {};
  cyclic.cyclic = cyclic;
  await assert.rejects(client.request('echo', cyclic), TypeError);
  assert.deepEqual(await client.ping(), {});
});

test('an agent that does not read is not written to without end', async (t) => {
  const { client } = await withPeer(t, (request, socket) => socket.pause());
  const text = 'x'.repeat(1 << 20);
  const calls = [];
  for (let i = 0; i < 20; i++) {
    calls.push(client.request('echo', { text }).catch((error) => error.code));
    await new Promise(setImmediate);
  }
  assert.equal(await calls.at(-1), 'BUSY');
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

test('a callback that throws harms no call', async (t) => {
  const { client } = await withPeer(t, ({ id, method, params }, socket) => {
    if (method === 'runner.start') socket.write(notify('$/progress', { token: params._meta.progressToken, value: {} }));
    answer(socket, id, { instances: [] });
  });
  const uncaught = [];
  // The runner's own listeners would count these as failures of the test.
  const listeners = process.rawListeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => uncaught.push(error.message));
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  });
  await client.start({ source: { path: '/x' } }, { onProgress: () => { throw new Error('progress'); } });
  await client.watch({}, { onSnapshot: () => { throw new Error('snapshot'); } }).ready;
  assert.deepEqual(await client.list(), { instances: [] });
  assert.deepEqual(uncaught, ['progress', 'snapshot']);
});

test('the handshake is sent on each connection when there is something to say', async (t) => {
  const seen = [];
  const { client } = await withPeer(t, ({ id, method, params }, socket) => {
    seen.push(method === 'initialize' ? params : method);
    if (method === 'drop') return socket.destroy();
    return answer(socket, id, {});
  }, { clientInfo: { name: 'portal' }, onDisconnect: 'stop' });
  const handshake = { protocolVersions: [1], clientInfo: { name: 'portal' }, onDisconnect: 'stop' };
  await client.ping();
  await assert.rejects(client.request('drop'));
  await client.ping();
  assert.deepEqual(seen, [handshake, 'agent.ping', 'drop', handshake, 'agent.ping']);
});

test('a protocol that the agent does not speak fails the calls', async (t) => {
  const { client } = await withPeer(t, ({ id, method }, socket) => {
    if (method === 'initialize') refuse(socket, id, { code: -32000, message: 'Only 2', data: { code: 'UNSUPPORTED_PROTOCOL', retryable: false } });
  }, { clientInfo: { name: 'portal' } });
  await assert.rejects(client.ping(), { code: 'UNSUPPORTED_PROTOCOL' });
});

test('the package is the same for import and require', async () => {
  const imported = await import('@runner-agent/client');
  assert.equal(require('@runner-agent/client'), require('..'));
  assert.deepEqual(Object.keys(imported).sort(), Object.keys(require('..')).sort());
  assert.equal(imported.RunnerClient, RunnerClient);
});
