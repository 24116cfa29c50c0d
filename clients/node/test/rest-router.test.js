'use strict';

// The router on node:http before an agent that is scripted: what a healthy agent never says.

const test = require('node:test');
const assert = require('node:assert/strict');
const net = require('node:net');
const { once } = require('node:events');
const { stubAgent } = require('./rest/stub-agent');
const { serveRouter, serve, post, eventsOf } = require('./rest/serve');
const { RunnerClient } = require('..');
const { createRouter } = require('../lib/rest');

const ID = '0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001';
const instance = (fields) => ({ id: ID, componentRef: 'component:default/web', status: 'starting', ports: [], revision: 1, ...fields });
const domainError = (code, message, data = {}) => ({ code: -32000, message, data: { code, retryable: false, ...data } });
const failing = (error) => () => { throw error; };
const follow = (send) => (params, { notify, socket }) => {
  setImmediate(() => send((records) =>
    notify('runner.log', { subscriptionId: 's', instanceId: ID, records, lastSeq: records.at(-1).seq ?? records.at(-1).gap.to }),
  (reason) => notify('runner.log.end', { subscriptionId: 's', instanceId: ID, reason, nextSeq: 1 }), params, socket));
  return { subscriptionId: 's', firstSeq: 1, nextSeq: 1 };
};
const line = (seq, text, fields) => ({ seq, time: '2026-01-02T03:04:05.000Z', phase: 'run', stream: 'stdout', text, ...fields });

test('a start is answered with 201 and the instance, and the agent is told who asked', async (t) => {
  const agent = await stubAgent(t, { 'runner.start': () => instance() });
  const { url } = await serveRouter(t, agent.socketPath, {
    authorize: async ({ permission }) => ({ userEntityRef: `user:default/guest-${permission}` }),
    describeStart: async ({ entityRef }) => ({ source: { location: `url:https://github.com/o/${entityRef}` } }),
  });
  const response = await post(`${url}/start`, { entityRef: 'Component:web', onExisting: 'reject' }, { 'idempotency-key': 'k' });
  assert.equal(response.status, 201);
  assert.equal(response.headers.get('location'), `instances/${ID}`);
  assert.deepEqual(await response.json(), instance());
  const [{ params }] = agent.calls;
  assert.match(params.idempotencyKey, /^[0-9a-f]{64}$/);
  delete params.idempotencyKey;
  assert.deepEqual(params, {
    componentRef: 'component:default/web', onExisting: 'reject', wait: 'accepted',
    source: { location: 'url:https://github.com/o/component:default/web' }, _meta: { requestedBy: 'user:default/guest-start' },
  });
});

test('a request that is wrong is a 400 that says what is wrong, and never reaches the agent', async (t) => {
  const agent = await stubAgent(t, {});
  const { url } = await serveRouter(t, agent.socketPath);
  const refs = ['web', '', ':web', 'component:', 'component:default/', 'component:/web', 'component:a/b/c', 'component:default/../../etc',
    'component:-x/web', 'component:default/.web', 'com ponent:web', `component:${'a'.repeat(64)}`, 'component:default/web\n', 7, null, {}];
  for (const entityRef of refs) {
    const response = await post(`${url}/start`, { entityRef });
    const body = await response.json();
    assert.equal(response.status, 400, JSON.stringify(entityRef));
    assert.equal(body.error.code, 'INVALID_ENTITY_REF');
    assert.deepEqual(body.request, { method: 'POST', url: '/start' });
    assert.deepEqual(body.response, { statusCode: 400 });
  }
  const send = (body, type = 'application/json') => fetch(`${url}/start`, { method: 'POST', body, headers: { 'content-type': type } });
  for (const bad of ['{"entityRef": secret-', '[]', '"x"', 'null', '', new Uint8Array([0x22, 0xff, 0x22])]) {
    const response = await send(bad);
    assert.equal(response.status, 400);
    assert.doesNotMatch(await response.text(), /secret-/);
  }
  assert.equal((await send('{"entityRef":"component:web"}', 'text/plain')).status, 400);
  const large = await send(JSON.stringify({ entityRef: 'x'.repeat(70_000) }));
  assert.equal(large.status, 413);
  assert.equal((await large.json()).error.code, 'BODY_TOO_LARGE');
  for (const query of ['tail=-1', 'tail=x', 'tail=10001', 'after=1.5', 'streams=stdin', 'phases=none', 'since=yesterday', 'since=2026-01-01',
    'wait=61', 'limit=0', 'follow=maybe', 'tail=1&tail=2', 'after=99999999999999999']) {
    assert.equal((await fetch(`${url}/instances/${ID}/logs?${query}`)).status, 400, query);
  }
  assert.equal((await fetch(`${url}/instances/${ID}/logs`, { headers: { 'last-event-id': 'x' } })).status, 400);
  assert.equal((await post(`${url}/stop`, { instanceId: 7 })).status, 400);
  assert.equal((await post(`${url}/stop`, { instanceId: ID, timeoutSeconds: -1 })).status, 400);
  assert.deepEqual(agent.calls, []);
});

test('what is not there is a 404, another method a 405', async (t) => {
  const agent = await stubAgent(t, {
    'runner.get': failing(domainError('INSTANCE_NOT_FOUND', 'no instance has this id')),
    'runner.logs': failing(domainError('INSTANCE_NOT_FOUND', 'no instance has this id')),
  });
  const { url } = await serveRouter(t, agent.socketPath);
  for (const path of [`/instances/${ID}`, `/instances/${ID}/logs`, `/instances/${ID}/logs?follow=true`, '/instances/nothing',
    '/instances/%2e%2e%2f', '/instances/%zz', '/nothing', '/', '/health/deep']) {
    const response = await fetch(url + path);
    assert.equal(response.status, 404, path);
    assert.equal((await response.json()).error.name, 'NotFoundError');
  }
  const events = await fetch(`${url}/instances/${ID}/logs`, { headers: { accept: 'text/event-stream' } });
  assert.equal(events.status, 404);
  const wrong = await fetch(`${url}/start`);
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.get('allow'), 'POST');
});

test('errors of the agent have the statuses of Backstage, and nothing of the machine in them', async (t) => {
  const secrets = /ghp_|x-access|\/run\/|\/home\/|\.js:|at Object/;
  const cases = [
    [409, 'ConflictError', domainError('ALREADY_RUNNING', 'component:default/web runs already')],
    [409, 'ConflictError', domainError('IDEMPOTENCY_CONFLICT', 'the key was used with other params')],
    [400, 'InputError', domainError('NOT_ENABLED', 'not enabled', { hint: 'add the annotation' })],
    [400, 'InputError', domainError('INVALID_LOCATION', 'bad: https://x-access-token:ghp_a1@github.com/o/r in /home/ada/x/y.yaml')],
    [400, 'InputError', { code: -32602, message: 'bad params', data: { path: '/entity' } }],
    [503, 'ServiceUnavailableError', domainError('ENGINE_UNAVAILABLE', 'connect /run/docker.sock: refused', { hint: 'sudo /home/x' })],
    [503, 'ServiceUnavailableError', domainError('BUSY', 'too many starts', { retryable: true, retryAfterMs: 2_500 })],
    [503, 'ServiceUnavailableError', domainError('SHUTTING_DOWN', 'bye')],
    [500, 'InternalError', { code: -32603, message: 'crash in /home/ada/agent at Object.x (a.js:1)' }],
    [500, 'InternalError', domainError('SOMETHING_NEW', 'who knows /run/x')],
  ];
  for (const [status, name, error] of cases) {
    const agent = await stubAgent(t, { 'runner.start': failing(error) });
    const { url } = await serveRouter(t, agent.socketPath);
    const response = await post(`${url}/start`, { entityRef: 'component:web' });
    const body = await response.text();
    assert.equal(response.status, status, body);
    assert.equal(JSON.parse(body).error.name, name);
    assert.doesNotMatch(body, secrets);
    if (error.data?.hint && status === 400) assert.equal(JSON.parse(body).error.hint, error.data.hint);
    if (error.data?.retryAfterMs) assert.equal(response.headers.get('retry-after'), '3');
  }
});

test('an agent that is down is a 503 without its path, and the next request finds it when it is back', async (t) => {
  const { socketPath, calls } = await stubAgent(t, { 'agent.info': () => ({ version: '1', engine: { reachable: true } }) });
  const { url } = await serveRouter(t, `${socketPath}.missing`);
  for (const path of ['/health', '/instances', '/events', `/instances/${ID}/logs?follow=1`]) {
    const response = await fetch(url + path);
    const text = await response.text();
    assert.equal(response.status, 503, path);
    assert.equal(JSON.parse(text).error.code, 'AGENT_UNAVAILABLE');
    assert.doesNotMatch(text, /agent\.sock|ENOENT/);
  }
  require('node:fs').symlinkSync(socketPath, `${socketPath}.missing`);
  const response = await fetch(`${url}/health`);
  assert.equal((await response.json()).status, 'ok');
  assert.equal(calls.length, 1);
});

test('an agent that hangs is a 503 after a while', async (t) => {
  const agent = await stubAgent(t, { 'runner.list': null, 'runner.watch': null });
  const { url } = await serveRouter(t, agent.socketPath, { callTimeoutMs: 50 });
  for (const path of ['/instances', '/events']) {
    const response = await fetch(url + path);
    assert.equal(response.status, 503);
    assert.equal((await response.json()).error.code, 'AGENT_TIMEOUT');
  }
});

test('events have the seq as id, heartbeats between them, and an end that a browser does not ask for again', async (t) => {
  const agent = await stubAgent(t, {
    'runner.logs': follow((records, end) => {
      records([line(5, 'one\u2028two'), { gap: { from: 6, to: 8, reason: 'retention' } }]);
      setTimeout(() => { records([line(9, 'last')]); end('ended'); }, 120);
    }),
  });
  const { url } = await serveRouter(t, agent.socketPath, { heartbeatMs: 25 });
  const headers = { accept: 'text/event-stream', 'last-event-id': '4' };
  const response = await fetch(`${url}/instances/${ID}/logs?after=2&streams=stdout,stderr`, { headers });
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  assert.equal(response.headers.get('cache-control'), 'no-cache, no-transform');
  assert.equal(response.headers.get('x-accel-buffering'), 'no');
  const events = [];
  for await (const event of eventsOf(response)) events.push(event);
  assert(events.some(({ comment }) => comment === 'ping'));
  assert.deepEqual(events.filter(({ event }) => event), [
    { id: '5', event: 'log', data: line(5, 'one\u2028two') },
    { id: '8', event: 'gap', data: { from: 6, to: 8, reason: 'retention' } },
    { id: '9', event: 'log', data: line(9, 'last') },
    { id: '9-end', event: 'end', data: { reason: 'ended', lastSeq: 9 } },
  ]);
  const { params } = agent.calls[0];
  assert.equal(params.after, 4); // The header is newer than the address.
  assert.deepEqual(params.streams, ['stdout', 'stderr']);
  const again = await fetch(`${url}/instances/${ID}/logs`, { headers: { ...headers, 'last-event-id': '9-end' } });
  assert.equal(again.status, 204);
});

test('a compressing middleware holds nothing back', async (t) => {
  const agent = await stubAgent(t, { 'runner.logs': follow((records) => records([line(1, 'at once')])) });
  const client = new RunnerClient({ socketPath: agent.socketPath });
  const router = createRouter({ client });
  const { url } = await serve(t, (req, res) => {
    const held = [];
    const write = res.write.bind(res);
    res.write = (chunk) => { held.push(chunk); return true; };
    res.flush = () => { for (const chunk of held.splice(0)) write(chunk); };
    router(req, res);
  }, () => { router.close(); client.close(); });
  for (const [query, headers] of [['', { accept: 'text/event-stream' }], ['?follow=true', {}]]) {
    const response = await fetch(`${url}/instances/${ID}/logs${query}`, { headers });
    assert.match(response.headers.get('cache-control'), /no-transform/);
    let text = '';
    for await (const chunk of response.body) if ((text += Buffer.from(chunk)).includes('at once')) break;
    assert.match(text, /at once/);
  }
});

test('following as text gives the bytes that were logged, each as soon as it is', async (t) => {
  let more;
  const agent = await stubAgent(t, {
    'runner.logs': follow((records, end) => {
      records([line(1, 'Name? ', { partial: true })]);
      more = () => {
        records([line(2, 'Ada'), line(3, 'half', { partial: true }), line(4, 'oops', { stream: 'stderr' }),
          { ...line(5), text: undefined, base64: Buffer.from([0xff, 0x41]).toString('base64') }]);
        end('ended');
      };
    }),
  });
  const { url } = await serveRouter(t, agent.socketPath);
  const response = await fetch(`${url}/instances/${ID}/logs?follow=true`);
  assert.match(response.headers.get('content-type'), /^text\/plain/);
  assert.equal(response.headers.get('content-length'), null);
  const reader = response.body.getReader();
  assert.equal(Buffer.from((await reader.read()).value).toString(), 'Name? ');
  more();
  const rest = [];
  for (let read; !(read = await reader.read()).done;) rest.push(read.value);
  assert.equal(Buffer.concat(rest).toString('latin1'), 'Ada\nhalf\noops\n\xffA\n');
});

test('a long poll answers at once when there is something, and empty when its time is over', async (t) => {
  let page = { records: [line(1, 'here')], nextSeq: 2, truncated: false };
  let end;
  const agent = await stubAgent(t, {
    'runner.logs': (params, connection) => params.follow
      ? follow((records, ended) => { end = ended; if (params.after === 1) records([line(2, 'a'), line(3, 'b')]); })(params, connection)
      : page,
  });
  const { url } = await serveRouter(t, agent.socketPath);
  const poll = async (query) => (await fetch(`${url}/instances/${ID}/logs?${query}`)).json();
  assert.deepEqual(await poll('after=0&wait=30'), { logs: 'here\n', lastSeq: 1, truncated: false, records: page.records, ended: false });
  page = { records: [], nextSeq: 2, truncated: false };
  assert.deepEqual(await poll('after=1&wait=30'),
    { logs: 'a\nb\n', lastSeq: 3, truncated: false, records: [line(2, 'a'), line(3, 'b')], ended: false });
  page = { records: [], nextSeq: 4, truncated: false };
  assert.deepEqual(await poll('after=3&wait=0'), { logs: '', lastSeq: 3, truncated: false, records: [], ended: false });
  end = undefined;
  const waiting = poll('after=3&wait=30');
  while (!end) await new Promise(setImmediate);
  end('ended');
  assert.deepEqual(await waiting, { logs: '', lastSeq: 3, truncated: false, records: [], ended: true });
});

test('a download is a file with every page in it, and is cut off when a page is missing', async (t) => {
  let broken = false;
  const agent = await stubAgent(t, {
    'runner.get': () => instance({ status: 'stopped' }),
    'runner.logs': ({ after = 0 }) => {
      if (broken && after === 2) throw domainError('SHUTTING_DOWN', 'bye');
      return { records: [line(after + 1, `line ${after + 1}`), line(after + 2, `line ${after + 2}`)], nextSeq: after + 3, truncated: after < 4 };
    },
  });
  const { url } = await serveRouter(t, agent.socketPath);
  const response = await fetch(`${url}/instances/${ID}/logs?download=true`);
  assert.equal(response.headers.get('content-disposition'), 'attachment; filename="web-0b7e3c1e.log"');
  assert.equal(await response.text(), 'line 1\nline 2\nline 3\nline 4\nline 5\nline 6\n');
  broken = true;
  await assert.rejects((async () => (await fetch(`${url}/instances/${ID}/logs?download=true`)).text())());
});

test('a reader that has gone ends the subscription, and one that is slow holds nothing here', async (t) => {
  let sent = 0;
  let closed;
  const agentClosed = new Promise((resolve) => { closed = resolve; });
  const text = 'x'.repeat(1_000);
  const agent = await stubAgent(t, {
    'runner.logs': follow((records, _, __, socket) => {
      socket.on('close', closed);
      const more = () => {
        while (!socket.destroyed && !socket.writableNeedDrain && sent < 200_000) {
          records(Array.from({ length: 100 }, (_, index) => line(sent + index + 1, text)));
          sent += 100;
        }
      };
      socket.on('drain', more);
      more();
    }),
  });
  const { url } = await serveRouter(t, agent.socketPath);
  const { port } = new URL(url);
  const reader = net.connect(port, '127.0.0.1');
  reader.write(`GET /instances/${ID}/logs HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`);
  await once(reader, 'readable'); // And reads no more.
  let before = -1;
  while (before !== sent) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  assert(sent < 60_000, `${sent} records of 1 kB were taken from the agent for a reader that does not read`);
  reader.destroy();
  await agentClosed;
});

test('close() cuts streams, so that their readers ask again', async (t) => {
  const agent = await stubAgent(t, { 'runner.logs': follow((records) => records([line(1, 'x')])) });
  const { url, router } = await serveRouter(t, agent.socketPath);
  const response = await fetch(`${url}/instances/${ID}/logs`, { headers: { accept: 'text/event-stream' } });
  const events = eventsOf(response);
  await events.next();
  router.close();
  await assert.rejects(async () => { while (!(await events.next()).done); });
});

test('an agent that goes and comes back is a pause, one that has lost the instance an event with an error body', async (t) => {
  let asked = 0;
  const agent = await stubAgent(t, {
    'runner.logs': (params, connection) => {
      asked++;
      if (asked === 1) return follow((records, end) => { records([line(1, 'x')]); end('shutdown'); })(params, connection);
      if (asked === 2) return follow((records, _, { after }, socket) => { records([line(after + 1, 'y')]); socket.end(); })(params, connection);
      throw domainError('INSTANCE_NOT_FOUND', 'no instance has this id');
    },
  });
  const { url } = await serveRouter(t, agent.socketPath);
  const response = await fetch(`${url}/instances/${ID}/logs`, { headers: { accept: 'text/event-stream' } });
  const events = [];
  for await (const { event, id, data } of eventsOf(response)) {
    if (event) events.push([event, id, data.text ?? data.response.statusCode]);
  }
  assert.deepEqual(events, [['log', '1', 'x'], ['log', '2', 'y'], ['error', undefined, 404]]);
});

test('instance changes come as events: all of them once, then each that changed', async (t) => {
  const agent = await stubAgent(t, {
    'runner.watch': (params, { notify }) => {
      setImmediate(() => notify('runner.instance', { subscriptionId: 'w', instance: instance({ status: 'running', revision: 2 }) }));
      return { subscriptionId: 'w', instances: [instance()] };
    },
  });
  const { url } = await serveRouter(t, agent.socketPath);
  const events = eventsOf(await fetch(`${url}/events`));
  const seen = [];
  for await (const { event, data } of events) {
    if (event) seen.push({ event, data });
    if (seen.length === 2) break;
  }
  assert.deepEqual(seen, [
    { event: 'instances', data: { items: [instance()] } },
    { event: 'instance', data: instance({ status: 'running', revision: 2 }) },
  ]);
});

test('a thousand requests at once are all answered, over one connection', async (t) => {
  const agent = await stubAgent(t, { 'runner.get': () => instance() });
  const { url } = await serveRouter(t, agent.socketPath);
  const answers = await Promise.all(Array.from({ length: 1_000 }, async () => (await fetch(`${url}/instances/${ID}`)).json()));
  assert(answers.every(({ id }) => id === ID));
  assert.equal(agent.sockets.size, 1);
});

test('what authorize() throws is answered by its name, and only its words', async (t) => {
  const agent = await stubAgent(t, {});
  const refused = Object.assign(new Error('Missing credentials'), { name: 'AuthenticationError', cause: new Error('ghp_x'), token: 'ghp_y' });
  const { url } = await serveRouter(t, agent.socketPath, { authorize: async () => { throw refused; } });
  const response = await fetch(`${url}/instances`);
  assert.equal(response.status, 401);
  assert.deepEqual((await response.json()).error, { name: 'AuthenticationError', message: 'Missing credentials' });
});
