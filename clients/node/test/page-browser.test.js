'use strict';

// The bridge's page in a real headless Chromium, on the real agent and engine.

const test = require('node:test');
const assert = require('node:assert/strict');
const path = require('node:path');
const { RunnerClient } = require('..');
const { createBridge } = require('../lib/bridge/server');
const { AgentPlace, skipWithoutEngine, example } = require('./support/agent');
const { openBrowser, skip: noBrowser } = require('./browser/chromium');
const { stubAgent } = require('./rest/stub-agent');

const skip = skipWithoutEngine || noBrowser;
const component = (name) => ({ entityRef: `component:default/${name}`, location: example(name), source: { path: example(name) } });

async function openPage(t, socketPath, options) {
  const client = new RunnerClient({ socketPath });
  const bridge = createBridge({ client, host: '127.0.0.1', port: 0, ...options });
  t.after(async () => { await bridge.close(); client.close(); });
  const url = await bridge.listen();
  const page = await openBrowser(t);
  await page.open(url);
  return { page, client, bridge, url };
}

const button = (name) => `document.querySelector('[aria-label="${name}"]')`;
const log = 'document.querySelector("#log").textContent';
const badge = 'document.querySelector("#detail-body .badge").textContent';

test('a component from start to stop, in the browser', { skip, timeout: 120_000 }, async (t) => {
  const agent = await new AgentPlace(t).serve();
  const { page, client } = await openPage(t, agent.socketPath, { components: [component('hello'), component('second'), component('broken')] });

  // 1, 2: the page with the components that can run.
  assert.deepEqual(await page.until(`document.querySelector('.card') && [...document.querySelectorAll('.card .name')].map((name) => name.textContent)`), ['hello', 'second', 'broken']);
  // 3, 4: start.
  await page.click(button('Start hello'));
  // 5, 6: its phases and the progress of its build, as they come.
  await page.until(`document.querySelector('[aria-current=step]').textContent.startsWith('Build')`);
  await page.until(`document.querySelector('.build progress').max > 1`);
  await page.until(`${badge} === 'running, healthy'`);
  const address = await page.until(`document.querySelector('#detail-body a').href`);
  assert.match(await (await fetch(address)).text(), /Hello from runner-agent/);
  // 7: its log, live, both streams marked.
  await page.until(`${log}.includes('heartbeat 1')`);
  assert.equal(await page.evaluate(`document.querySelector('.line.stderr .from').textContent`), 'err');
  await page.until(`document.querySelector('#health').textContent.startsWith('Agent ')`);

  // The keyboard alone: search, next match, leave it.
  await page.key('/');
  await page.type('HEARTBEAT');
  await page.key('Enter');
  await page.until(`/^1 of \\d+$/.test(document.querySelector('#search-count').textContent)`);
  assert.equal(await page.evaluate(`document.querySelector('mark.now').textContent`), 'heartbeat');
  assert.equal(await page.evaluate(`document.querySelector('#follow').checked`), false);
  await page.key('Escape');
  await page.until(`!document.querySelector('mark')`);
  await page.click(`document.querySelector('[data-stream=stdout]')`);
  assert.equal(await page.evaluate(`getComputedStyle(document.querySelector('.line.stdout')).display`), 'none');
  await page.click(`document.querySelector('[data-stream=stdout]')`);

  // A screen reader: every control has a name, the log and the states their roles.
  const nodes = await page.accessibility();
  for (const { role, name } of nodes) {
    if (['button', 'link', 'checkbox', 'searchbox', 'textbox', 'log'].includes(role)) assert(name, `a ${role} without a name`);
  }
  for (const [role, name] of [['log', 'Log'], ['searchbox', 'Search the log'], ['button', 'Stop hello'], ['region', 'Components'], ['list', 'Phases of the start']]) {
    assert(nodes.some((node) => node.role === role && node.name === name), `no ${role} "${name}"`);
  }

  // Another one takes its place only after a question.
  await page.click(button('Start second'));
  await page.until(`document.querySelector('#replace').open`);
  await page.key('Escape');
  assert.equal((await client.list()).instances.length, 1);
  // A failed build is told in words.
  await page.click(button('Start broken'));
  await page.click(`document.querySelector('#replace[open] [value=replace]')`);
  await page.until(`document.querySelector('.failure').textContent.includes('BUILD_FAILED')`);
  await page.until(`${log}.includes("expected ';'")`);

  // 8: stop.
  await page.click(button('Stop hello'));
  await page.until(`${button('Start hello')}`);
  await page.click(`[...document.querySelectorAll('#instances button')].find((row) => row.textContent.startsWith('hello'))`);
  await page.until(`${badge} === 'stopped' && document.querySelector('#log-state').textContent === 'ended'`);
  assert.equal((await client.list({ status: ['running', 'starting'] })).instances.length, 0);
  assert.deepEqual(page.complaints.filter((text) => !/409 \(Conflict\)/.test(text)), []);
});

const ID = '0b7e3c1e-8f3f-4a3c-9a77-1d2f9a1c0001';
const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
const instance = {
  id: ID, componentRef: `component:default/${hostile}`, status: 'error', ports: [], startedAt: '2026-01-02T03:04:05.000Z', health: 'none', revision: 1,
  endpoints: [], source: { type: 'github', location: '', repository: hostile, ref: hostile, directory: '' }, warnings: [hostile], timings: {},
  error: hostile, failure: { code: hostile, message: hostile, hint: hostile, retryable: false, phase: 'building' },
};
const line = (seq, text, fields) => ({ seq, time: '2026-01-02T03:04:05.000Z', phase: 'run', stream: 'stdout', text, ...fields });

/** An agent with one instance, whose log is what `records` holds when it is asked. */
const scripted = (records, ended = false) => ({
  'agent.info': () => ({ version: '1', engine: { name: 'Docker', version: '1', reachable: true } }),
  'runner.watch': () => ({ subscriptionId: 'w', instances: [instance] }),
  'runner.logs': ({ after = 0 }, { notify }) => {
    const subscriptionId = 's';
    setImmediate(() => {
      const fresh = records.filter(({ seq }) => seq > after);
      if (fresh.length) notify('runner.log', { subscriptionId, instanceId: ID, records: fresh, lastSeq: fresh.at(-1).seq });
      if (ended) notify('runner.log.end', { subscriptionId, instanceId: ID, reason: 'ended', nextSeq: 9 });
    });
    return { subscriptionId, firstSeq: 1, nextSeq: records.length + 1 };
  },
});

test('text from repositories and logs is text, in the browser', { skip, timeout: 60_000 }, async (t) => {
  const agent = await stubAgent(t, scripted([
    line(1, hostile), line(2, '\u001b[31mred\u001b[0m plain'), line(3, 'left \u202eright\u0007'), line(4, '10%\r55%\r99%'), line(5, 'Name? ', { partial: true }),
    line(6, 'oops', { stream: 'stderr' }), line(7, 'Ada'), { ...line(8), text: undefined, base64: Buffer.from([0x68, 0xff]).toString('base64') },
  ], true));
  const { page } = await openPage(t, agent.socketPath, { components: [{ entityRef: 'component:default/x', location: hostile, source: {} }] });
  await page.until(`document.querySelector('#log-state').textContent === 'ended'`);
  assert.deepEqual(await page.until(`document.querySelectorAll('.line').length === 7 && [...document.querySelectorAll('.line .text')].map((text) => text.textContent)`),
    [hostile, 'red plain', 'left \ufffdright\u2407', '99%', 'Name? Ada', 'oops', 'h\ufffd']);
  assert.equal(await page.evaluate('document.title'), 'Runner');
  assert.equal(await page.evaluate(`document.querySelectorAll('main img, main script').length`), 0);
  assert(await page.evaluate(`document.querySelector('.failure').textContent.includes('<img src=x')`));
  assert.deepEqual(page.complaints, []);
});

test('the log goes on where it was when the bridge is back, and nothing comes twice', { skip, timeout: 60_000 }, async (t) => {
  const records = [line(1, 'first'), line(2, 'second')];
  const agent = await stubAgent(t, scripted(records));
  const { page, bridge, url } = await openPage(t, agent.socketPath, {});
  await page.until(`${log}.includes('second')`);
  await bridge.close();
  await page.until(`document.querySelector('#log-state').classList.contains('waiting')`);
  records.push(line(3, 'third'));
  const client = new RunnerClient({ socketPath: agent.socketPath });
  const again = createBridge({ client, host: '127.0.0.1', port: Number(new URL(url).port) });
  t.after(async () => { await again.close(); client.close(); });
  await again.listen();
  await page.until(`${log}.includes('third')`);
  assert.deepEqual(await page.evaluate(`[...document.querySelectorAll('.line .text')].map((text) => text.textContent)`), ['first', 'second', 'third']);
});

test('a bridge with a token asks for it, and a download is what was logged', { skip, timeout: 60_000 }, async (t) => {
  const agent = await stubAgent(t, {
    ...scripted([line(1, 'first')], true),
    'runner.get': () => instance,
    'runner.logs': (params, connection) => (params.follow ? scripted([line(1, 'first')], true)['runner.logs'](params, connection)
      : { records: [line(1, 'first')], nextSeq: 2, truncated: false }),
  });
  const { page } = await openPage(t, agent.socketPath, { token: 'a-token-of-some-length' });
  await page.until(`!document.querySelector('#sign-in').hidden && document.activeElement.id === 'token'`);
  await page.type('a-token-of-some-length');
  await page.key('Enter');
  await page.until(`${log}.includes('first') && document.querySelector('#sign-in').hidden`);
  const { name, text } = await page.download(path.dirname(agent.socketPath), () => page.click(`document.querySelector('#download')`));
  assert.equal(text, 'first\n');
  assert.match(name, /^[\w.-]+-0b7e3c1e\.log$/);
});
