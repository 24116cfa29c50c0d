import { Api } from './api.mjs';
import { KeyedList, byId, element } from './dom.mjs';
import { DetailView, isLive, nameOf, stateOf } from './detail-view.mjs';
import { LogView } from './log-view.mjs';
import { buildStep } from './log-text.mjs';

/** The log starts with its newest records; the download has all of them. */
const FIRST_RECORDS = 2_000;
const HEALTH_EVERY_MS = 15_000;

const api = new Api();
const detail = new DetailView();
const log = new LogView();
const componentList = new KeyedList(byId('components'));
const instanceList = new KeyedList(byId('instances'));
const instances = new Map();
let components = [];
let selected;
let following = new AbortController();
let watching = new AbortController();

api.onSignIn = () => {
  byId('sign-in').hidden = false;
  byId('token').focus();
};
byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  api.signIn(byId('token').value);
  byId('sign-in').hidden = true;
  begin();
});
byId('start-other').addEventListener('submit', (event) => {
  event.preventDefault();
  start(byId('entity-ref').value.trim());
});
byId('download').addEventListener('click', () => attempt(download));

async function begin() {
  watching.abort();
  watching = new AbortController();
  showHealth();
  await attempt(async () => { ({ items: components } = await api.get('/api/components')); });
  draw();
  api.follow(() => '/api/runner/events', {
    signal: watching.signal,
    onState: (state, error) => {
      if (state === 'waiting' || state === 'failed') byId('health').classList.add('bad');
      if (error && error.status !== 401) byId('health').textContent = error.text;
      if (state === 'live') showHealth();
    },
    onEvent: ({ event, data }) => {
      if (event === 'instances') {
        instances.clear();
        for (const instance of data.items) instances.set(instance.id, instance);
      } else if (event === 'instance') {
        const before = instances.get(data.id);
        announce(before, data);
        if (before?.status !== data.status) showHealth(); // The engine was asked something just now.
        instances.set(data.id, data);
      }
      draw();
    },
  });
}

async function showHealth() {
  const place = byId('health');
  try {
    const { status, agent, engine } = await api.get('/api/runner/health');
    place.classList.toggle('bad', status !== 'ok');
    place.textContent = status === 'ok' ? `Agent ${agent.version}, ${engine ? `${engine.name} ${engine.version}` : 'no engine yet'}`
      : 'The agent answers, its container engine does not';
  } catch (error) {
    place.classList.add('bad');
    place.textContent = error.status === 401 ? 'Not signed in' : error.text;
  }
}

function draw() {
  const all = [...instances.values()].sort((one, other) => other.startedAt.localeCompare(one.startedAt));
  const refs = [...new Set([...components.map(({ entityRef }) => entityRef), ...all.map(({ componentRef }) => componentRef)])];
  componentList.show(refs.map((ref) => ({
    ref,
    location: components.find(({ entityRef }) => entityRef === ref)?.location,
    live: all.find((instance) => instance.componentRef === ref && isLive(instance)),
  })), { key: ({ ref }) => ref, state: ({ live }) => `${live?.id} ${live?.revision}`, make: componentCard });
  instanceList.show(all, {
    key: ({ id }) => id, state: ({ id, revision }) => `${revision} ${id === selected}`, make: instanceRow,
  });
  if (refs.length === 0) byId('components').replaceChildren(emptyRow('None yet: give them to runner-bridge with --component.'));
  if (all.length === 0) byId('instances').replaceChildren(emptyRow('Nothing was started yet.'));
  if (selected === undefined && all.length > 0) select((all.find(isLive) ?? all[0]).id);
  const instance = instances.get(selected);
  if (instance) detail.show(instance, { onStop: () => stop(instance), onStart: () => start(instance.componentRef) });
}

const emptyRow = (text) => element('li', { className: 'empty', text });

function componentCard({ ref, location, live }) {
  const name = nameOf(ref);
  const action = live
    ? element('button', {
      type: 'button', text: 'Stop', 'data-role': 'act', 'aria-label': `Stop ${name}`, disabled: live.status === 'stopping',
      on: { click: () => stop(live) },
    })
    : element('button', {
      type: 'button', className: 'primary', text: 'Start', 'data-role': 'act', 'aria-label': `Start ${name}`,
      on: { click: () => start(ref) },
    });
  return element('li', { className: 'card' },
    element('span', { className: 'name', text: name }),
    element('span', { className: `badge ${live?.status ?? ''}`, text: live ? stateOf(live) : 'not running' }),
    element('div', { className: 'actions' }, action),
    location && element('span', { className: 'where', text: location }));
}

function instanceRow(instance) {
  return element('li', {}, element('button', {
    type: 'button', 'data-role': 'select', 'aria-current': String(instance.id === selected), on: { click: () => select(instance.id) },
  },
  element('span', { text: nameOf(instance.componentRef) }),
  element('span', { className: `badge ${instance.status}`, text: instance.status }),
  element('span', { className: 'when', text: new Date(instance.startedAt).toLocaleTimeString() })));
}

/** One component runs at a time: what would be replaced is asked about first. */
function start(entityRef) {
  return attempt(async () => {
    let instance;
    try {
      instance = await api.post('/api/runner/start', { entityRef, onExisting: 'reject' });
    } catch (error) {
      if (error.code !== 'ALREADY_RUNNING') throw error;
      if (!await confirmReplace(`${error.message}. It is stopped as soon as ${nameOf(entityRef)} is built.`)) return;
      instance = await api.post('/api/runner/start', { entityRef, onExisting: 'replace' });
    }
    if (!(instances.get(instance.id)?.revision > instance.revision)) instances.set(instance.id, instance);
    select(instance.id);
  });
}

function confirmReplace(text) {
  const dialog = byId('replace');
  byId('replace-text').textContent = text;
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'replace'), { once: true });
  });
}

function stop({ id }) {
  return attempt(() => api.post('/api/runner/stop', { instanceId: id }));
}

function select(id) {
  if (id === selected) return;
  selected = id;
  following.abort();
  following = new AbortController();
  log.clear();
  byId('log-section').hidden = false;
  const path = (lastId) => `/api/runner/instances/${id}/logs${lastId === undefined ? `?tail=${FIRST_RECORDS}` : ''}`;
  api.follow(path, {
    signal: following.signal,
    onState: showLogState,
    onEvent: ({ event, data }) => {
      if (event === 'gap') log.appendGap(data);
      if (event !== 'log') return;
      log.append(data);
      const step = buildStep(data);
      if (step) detail.showBuildStep(step);
    },
  });
  draw();
}

function showLogState(state, error) {
  const words = { connecting: 'connecting…', live: 'live', waiting: 'connection lost, trying again…', ended: 'ended', failed: error?.text };
  byId('log-state').textContent = words[state];
  byId('log-state').className = `log-state ${state}`;
}

async function download() {
  const response = await api.fetch(`/api/runner/instances/${selected}/logs?download=true`);
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'runner.log';
  const address = URL.createObjectURL(await response.blob());
  element('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function attempt(action) {
  const place = byId('problem');
  try {
    await action();
    place.hidden = true;
  } catch (error) {
    if (error.status === 401) return;
    place.textContent = error.text ?? String(error.message);
    place.hidden = false;
  }
}

/** For those who do not see the page: a change of state in a sentence. */
function announce(before, now) {
  if (before && stateOf(before) === stateOf(now)) return;
  const name = nameOf(now.componentRef);
  byId('announcer').textContent = now.status === 'error' ? `${name} failed: ${now.error ?? ''}` : `${name}: ${stateOf(now)}`;
}

begin();
setInterval(showHealth, HEALTH_EVERY_MS);
