'use strict';

const { ResumingStream } = require('./resuming-stream');
const { tell } = require('./tell');

/** Instances as they change, from `runner.watch`: a snapshot first, and a new one after each reconnect. */
class WatchStream extends ResumingStream {
  #params;
  #onSnapshot;

  constructor(connect, params, { onSnapshot, ...options }) {
    super(connect, options);
    this.#params = params;
    this.#onSnapshot = onSnapshot;
  }

  request() {
    return { method: 'runner.watch', params: this.#params };
  }

  answered({ instances }, size) {
    tell(this.#onSnapshot, instances);
    if (instances.length > 0) this.push({ values: instances, size });
  }

  notified(method, { instance }, size) {
    if (method === 'runner.instance') this.push({ values: [instance], size });
    return undefined;
  }
}

module.exports = { WatchStream };
