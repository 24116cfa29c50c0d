'use strict';

const { ResponseStream } = require('./response-stream');
const { errorBody } = require('./errors');

/** How soon a reader that was cut off asks again. */
const RETRY_MS = 2_000;

/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
class EventStream {
  #stream;
  #heartbeat;

  /** A comment is sent every `heartbeatMs`: proxies cut a connection that is silent for a minute. */
  constructor(res, { heartbeatMs, open }) {
    this.#stream = new ResponseStream(res, { 'Content-Type': 'text/event-stream', Connection: 'keep-alive' }, open);
    this.#heartbeat = setInterval(() => {
      if (this.#stream.idle) this.#stream.push(': ping\n\n');
    }, heartbeatMs);
    this.#heartbeat.unref();
    whenAborted(this.signal, () => clearInterval(this.#heartbeat));
    this.#stream.push(`retry: ${RETRY_MS}\n\n`);
  }

  get signal() {
    return this.#stream.signal;
  }

  /** JSON has no line break of its own, so one `data:` line is enough. A promise means: wait before sending more. */
  send(event, value, id) {
    const mark = id === undefined ? '' : `id: ${id}\n`;
    return this.#stream.push(`${mark}event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
  }

  /** Moves the reader's resume point without an event. */
  mark(id) {
    return this.#stream.push(`id: ${id}\n\n`);
  }

  end() {
    this.#stream.end();
  }

  /** The status is sent already: the error goes as an event, in the body that it would have had. */
  fail(error, req) {
    this.send('error', errorBody(error, req));
    this.end();
  }
}

/** Also when it is aborted already. */
function whenAborted(signal, action) {
  if (signal.aborted) action();
  else signal.addEventListener('abort', action, { once: true });
}

module.exports = { EventStream, whenAborted };
