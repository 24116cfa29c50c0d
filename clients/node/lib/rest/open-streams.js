'use strict';

/** The responses that go on for long, so that a shutdown can end them. Each has `cut()`. */
class OpenStreams {
  #timers = new Map();
  #limitMs;

  /** Each is cut after `limitMs`; 0 is never. */
  constructor(limitMs) {
    this.#limitMs = limitMs;
  }

  add(stream) {
    const timer = this.#limitMs > 0 ? setTimeout(() => stream.cut(), this.#limitMs).unref() : undefined;
    this.#timers.set(stream, timer);
  }

  delete(stream) {
    clearTimeout(this.#timers.get(stream));
    this.#timers.delete(stream);
  }

  cutAll() {
    for (const stream of [...this.#timers.keys()]) stream.cut();
  }
}

module.exports = { OpenStreams };
