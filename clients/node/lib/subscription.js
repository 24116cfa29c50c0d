'use strict';

const { Connection } = require('./connection');

/** Reading pauses above this many values that were not consumed yet, and goes on below half of it. */
const HIGH_WATER = 1024;

/**
 * A subscription as an async iterator, on a connection of its own: a consumer that is slow pauses this socket and nothing
 * else, and the agent holds the rest. Leaving the loop, return() or the signal closes the connection, which unsubscribes.
 */
class Subscription {
  #connection;
  #queue = [];
  #taken = 0;
  #waiting = [];
  #ended = false;
  #error = null;
  #paused = false;
  #signal;
  #onAbort;
  #onEnd;

  /** `ready` is the agent's acknowledgement; `onAnswer` and `onNotification` get this subscription and what came. */
  constructor(socketPath, { method, params, signal, onAnswer, onNotification, onEnd }) {
    this.#signal = signal;
    this.#onEnd = onEnd;
    this.#connection = new Connection(socketPath, {
      onNotification: (name, value) => onNotification(this, name, value),
      onClose: (error) => this.end(error),
    });
    this.#onAbort = () => this.end(signal.reason);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.ready = this.#connection.request(method, params, { signal, onAnswer: (result) => onAnswer?.(this, result) });
    this.ready.then(() => { if (!this.#ended) this.#connection.ref(); }, (error) => this.end(error));
  }

  push(values) {
    if (this.#ended) return;
    for (const value of values) {
      const consumer = this.#waiting.shift();
      if (consumer) consumer.resolve({ value, done: false });
      else this.#queue.push(value);
    }
    if (!this.#paused && this.#queue.length - this.#taken > HIGH_WATER) {
      this.#paused = true;
      this.#connection.pause();
    }
  }

  /** No value follows; values that came before are still handed out, and `error` after them. */
  end(error = null) {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#connection.close();
    this.#onEnd(this);
    for (const consumer of this.#waiting.splice(0)) this.#finish(consumer);
  }

  next() {
    return new Promise((resolve, reject) => {
      const consumer = { resolve, reject };
      if (this.#taken < this.#queue.length) {
        resolve({ value: this.#take(), done: false });
      } else if (this.#ended) {
        this.#finish(consumer);
      } else {
        this.#waiting.push(consumer);
      }
    });
  }

  return(value) {
    this.#queue = [];
    this.#taken = 0;
    this.end();
    return Promise.resolve({ value, done: true });
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #take() {
    const value = this.#queue[this.#taken++];
    if (this.#taken === this.#queue.length || this.#taken >= HIGH_WATER) {
      this.#queue = this.#queue.slice(this.#taken);
      this.#taken = 0;
    }
    if (this.#paused && this.#queue.length - this.#taken < HIGH_WATER / 2) {
      this.#paused = false;
      this.#connection.resume();
    }
    return value;
  }

  #finish({ resolve, reject }) {
    const error = this.#error;
    this.#error = null; // Told once; afterwards the iterator is simply done.
    if (error) reject(error);
    else resolve({ value: undefined, done: true });
  }
}

module.exports = { Subscription };
