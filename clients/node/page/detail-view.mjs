import { byId, element, link } from './dom.mjs';

const PHASES = ['resolving', 'fetching', 'configuring', 'building', 'creating', 'starting', 'checking'];
const LABELS = {
  resolving: 'Resolve', fetching: 'Fetch', configuring: 'Configure', building: 'Build', creating: 'Create', starting: 'Start',
  checking: 'Check',
};

export const isLive = ({ status }) => status === 'starting' || status === 'running' || status === 'stopping';
export const nameOf = (componentRef) => componentRef.replace(/^component:default\//, '');

/** The state in words, with the phase or the health where they say more. */
export function stateOf({ status, phase, health }) {
  if (status === 'starting' && phase) return phase;
  if (status === 'running' && health !== 'none' && health !== 'healthy') return `running, ${health === 'starting' ? 'not healthy yet' : health}`;
  return status === 'running' && health === 'healthy' ? 'running, healthy' : status;
}

/** The selected instance: state, phases, build progress, where it answers, why it failed. */
export class DetailView {
  #body = byId('detail-body');
  #build = null;
  #instance = null;

  show(instance, { onStop, onStart }) {
    if (instance.id !== this.#instance?.id) this.#build = null;
    this.#instance = instance;
    byId('detail-heading').textContent = nameOf(instance.componentRef);
    byId('detail-empty').hidden = true;
    this.#body.hidden = false;
    const focusedRole = this.#body.contains(document.activeElement) ? document.activeElement.dataset.role : undefined;
    const action = isLive(instance)
      ? element('button', { type: 'button', text: 'Stop', 'data-role': 'act', disabled: instance.status === 'stopping', on: { click: onStop } })
      : element('button', { type: 'button', text: 'Start again', 'data-role': 'act', on: { click: onStart } });
    this.#body.replaceChildren(...[
      element('div', { className: 'detail-head' },
        element('span', { className: `badge ${instance.status}`, text: stateOf(instance) }),
        ...instance.endpoints.filter(() => instance.status === 'running').map(({ url }) => link(url)),
        element('div', { className: 'actions' }, action)),
      this.#facts(instance), this.#steps(instance), this.#buildProgress(), this.#failure(instance), this.#warnings(instance),
    ].filter(Boolean));
    if (focusedRole) this.#body.querySelector(`[data-role="${focusedRole}"]`)?.focus();
  }

  /** A step of the image's build, told by the log. */
  showBuildStep(step) {
    this.#build = step;
    const before = this.#body.querySelector('.build');
    const now = this.#buildProgress();
    if (before && now) before.replaceWith(now);
    else if (now) this.#body.querySelector('.steps')?.after(now);
  }

  #facts({ source, startedAt, stoppedAt, image, exitCode, id }) {
    const where = source?.type === 'directory' ? source.path
      : source ? `${source.repository}${source.directory ? `/${source.directory}` : ''} @ ${(source.commit ?? source.ref ?? '').slice(0, 12)}` : undefined;
    const facts = [
      ['from', where], ['started', new Date(startedAt).toLocaleString()],
      ['ended', stoppedAt && new Date(stoppedAt).toLocaleString()], ['exit code', exitCode], ['image', image?.cached && 'from the cache'],
      ['id', id.slice(0, 8)],
    ];
    return element('p', { className: 'facts' }, ...facts.filter(([, value]) => value !== undefined && value !== false && value !== '')
      .map(([name, value]) => element('span', {}, `${name} `, element('bdi', { text: String(value) }))));
  }

  #steps({ status, phase, timings, failure }) {
    const failedAt = status === 'error' && timings.checkingMs === undefined ? failure?.phase ?? phase : undefined;
    const reached = status === 'starting' || failedAt ? PHASES.indexOf(failedAt ?? phase)
      : status === 'stopped' && timings.checkingMs === undefined ? PHASES.indexOf(phase) : PHASES.length;
    const items = PHASES.map((name, index) => {
      const took = timings[`${name}Ms`];
      const state = name === failedAt ? 'failed' : index < reached ? 'done' : index === reached && status === 'starting' ? 'now' : '';
      const told = state === 'done' && took === undefined ? 'not needed' : took === undefined ? '' : duration(took);
      const spoken = { failed: 'failed', now: 'under way', done: '', '': '' }[state];
      return element('li', { className: state, 'aria-current': state === 'now' ? 'step' : undefined },
        LABELS[name], element('span', { className: 'took', text: [spoken, told].filter(Boolean).join(' ') || '\u00a0' }));
    });
    return element('ol', { className: 'steps', 'aria-label': 'Phases of the start' }, ...items);
  }

  #buildProgress() {
    if (this.#instance?.status !== 'starting' || this.#instance.phase !== 'building' || !this.#build) return null;
    const { step, of, text } = this.#build;
    return element('div', { className: 'build' },
      element('label', { for: 'build-progress' }, `Step ${step} of ${of}: `, element('bdi', { text })),
      element('progress', { id: 'build-progress', max: of, value: step - 1 }));
  }

  #failure({ failure, error, status }) {
    if (!failure && !error) return null;
    return element('div', { className: status === 'error' ? 'failure' : 'facts' },
      element('p', { text: failure?.message ?? error }),
      failure?.hint && element('p', { text: `What helps: ${failure.hint}` }),
      failure?.code && element('p', {}, element('code', { text: failure.code })));
  }

  #warnings({ warnings = [] }) {
    return warnings.length ? element('ul', { className: 'facts' }, ...warnings.map((text) => element('li', { text }))) : null;
  }
}

function duration(ms) {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
