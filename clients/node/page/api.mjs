const KEY = 'runner-bridge-token';
/** The bridge sends a comment every 15 s: without anything for three of them, the connection is dead. */
const SILENCE_MS = 50_000;
const FIRST_DELAY_MS = 500;
const LAST_DELAY_MS = 10_000;

export class ApiError extends Error {
  constructor(status, { message, code, hint } = {}) {
    super(message ?? `The bridge answered ${status}`);
    Object.assign(this, { status, code, hint });
  }

  /** What a person is told. */
  get text() {
    return this.hint ? `${this.message}: ${this.hint}.` : `${this.message}.`;
  }
}

export class Api {
  #token = sessionStorage.getItem(KEY);
  /** Called when the bridge wants a token that we do not have. */
  onSignIn = () => {};

  signIn(token) {
    this.#token = token;
    sessionStorage.setItem(KEY, token);
  }

  get(path) { return this.#json(path); }
  post(path, body) {
    return this.#json(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  }

  async fetch(path, { headers, ...options } = {}) {
    const token = this.#token;
    const authorization = token === null ? {} : { Authorization: `Bearer ${token}` };
    let response;
    try {
      response = await fetch(path, { ...options, headers: { ...headers, ...authorization } });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new ApiError(0, { message: 'The bridge does not answer' });
    }
    if (response.ok) return response;
    const error = new ApiError(response.status, (await response.json().catch(() => ({}))).error);
    if (response.status === 401 && token === this.#token) this.onSignIn(error); // Not for an answer that comes late.
    throw error;
  }

  /**
   * Server-sent events, again and again until they end or `signal` aborts; after a break from where it was. `path(lastId)` gives
   * the address, `onEvent({event, data, id})` takes each, `onState(state, error)` hears `connecting`, `live`, `waiting`,
   * `ended` or `failed`.
   */
  async follow(path, { signal, onEvent, onState }) {
    let lastId;
    let delay = FIRST_DELAY_MS;
    onState('connecting');
    while (!signal.aborted) {
      const attempt = new AbortController();
      const giveUp = () => attempt.abort();
      signal.addEventListener('abort', giveUp, { once: true });
      let silence;
      const heard = () => {
        clearTimeout(silence);
        silence = setTimeout(giveUp, SILENCE_MS);
      };
      try {
        heard();
        const headers = { Accept: 'text/event-stream', ...(lastId !== undefined && { 'Last-Event-ID': lastId }) };
        const response = await this.fetch(path(lastId), { headers, signal: attempt.signal });
        if (response.status === 204) return onState('ended');
        onState('live');
        delay = FIRST_DELAY_MS;
        for await (const event of parseEvents(response.body, heard)) {
          if (event.id !== undefined) lastId = event.id;
          if (event.event === 'error') throw new ApiError(event.data.response.statusCode, event.data.error);
          if (event.event !== undefined) onEvent(event);
          if (event.event === 'end') return onState('ended');
        }
        onState('waiting');
      } catch (error) {
        if (signal.aborted) return undefined;
        if (error.status >= 400 && error.status < 500) return onState('failed', error);
        onState('waiting', error);
      } finally {
        clearTimeout(silence);
        signal.removeEventListener('abort', giveUp);
      }
      await pause(delay, signal);
      delay = Math.min(delay * 2, LAST_DELAY_MS);
    }
    return undefined;
  }

  async #json(path, options) {
    return (await this.fetch(path, options)).json();
  }
}

async function* parseEvents(body, heard) {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    heard();
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const event = {};
      for (const line of block.split('\n')) {
        const at = line.indexOf(':');
        if (at > 0) event[line.slice(0, at)] = line.slice(at + 1).replace(/^ /, '');
      }
      if (event.data !== undefined) event.data = JSON.parse(event.data);
      yield event;
    }
  }
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
