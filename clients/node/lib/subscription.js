'use strict';

/** Reading pauses when more than this waits to be consumed, and goes on when half of it is left. */
const MAX_VALUES = 8192;
const MAX_SIZE = 1 << 20;

/**
 * Values that come in batches, as an async iterator. It holds at most MAX_VALUES values or MAX_SIZE of their JSON text, and one
 * batch more: beyond, `onPause` is called, and `onResume` when the consumer has caught up.
 */
class Subscription {
  #batches = [];
  #index = 0; // In the first batch.
  #values = 0;
  #size = 0;
  #isPaused = false;
  #waiting = [];
  #isEnded = false;
  #error = null;
  #hooks;

  /** `onTaken(batch, index)` is called with the last value taken, `onEnd(error)` once, when no value can follow. */
  constructor(hooks) {
    this.#hooks = hooks;
  }

  get isEnded() { return this.#isEnded; }
  get isPaused() { return this.#isPaused; }

  /** `batch` is `{values, size, ...}`, with one value at least. */
  push(batch) {
    if (this.#isEnded) return;
    this.#batches.push(batch);
    this.#values += batch.values.length;
    this.#size += batch.size;
    while (this.#waiting.length > 0 && this.#values > 0) this.#waiting.shift().take();
    if (!this.#isPaused && (this.#values > MAX_VALUES || this.#size > MAX_SIZE)) {
      this.#isPaused = true;
      this.#hooks.onPause();
    }
  }

  /** No value follows. Those that came before are still handed out, and `error` after them. */
  end(error = null) {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#error = error;
    this.#hooks.onEnd(error);
    while (this.#waiting.length > 0) this.#waiting.shift().finish();
  }

  /** Ends it at once: what was not consumed is dropped. */
  abort(error = null) {
    this.#drop();
    if (this.#isEnded) this.#error = error;
    this.end(error);
  }

  next() {
    if (this.#values > 0 && this.#waiting.length === 0) return Promise.resolve({ value: this.#take(), done: false });
    return this.#wait(() => this.#take());
  }

  /** All values that are there, as an array: cheaper than next() for many. Waits for one at least. */
  nextBatch() {
    if (this.#values > 0 && this.#waiting.length === 0) return Promise.resolve({ value: this.#takeBatch(), done: false });
    return this.#wait(() => this.#takeBatch());
  }

  /** Iterates over arrays of values. Leaving the loop ends the stream. */
  batches() {
    return {
      next: () => this.nextBatch(),
      return: (value) => this.return(value),
      [Symbol.asyncIterator]() { return this; },
    };
  }

  return(value) {
    this.abort();
    return Promise.resolve({ value, done: true });
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  #take() {
    const batch = this.#batches[0];
    const index = this.#index++;
    const value = batch.values[index];
    this.#hooks.onTaken(batch, index);
    this.#values--;
    if (this.#index === batch.values.length) this.#dropFirst(batch);
    return value;
  }

  #takeBatch() {
    const batch = this.#batches[0];
    const values = this.#index === 0 ? batch.values : batch.values.slice(this.#index);
    this.#hooks.onTaken(batch, batch.values.length - 1);
    this.#values -= values.length;
    this.#dropFirst(batch);
    return values;
  }

  #dropFirst(batch) {
    this.#batches.shift();
    this.#index = 0;
    this.#size -= batch.size;
    if (this.#isPaused && this.#values <= MAX_VALUES / 2 && this.#size <= MAX_SIZE / 2) {
      this.#isPaused = false;
      this.#hooks.onResume();
    }
  }

  #drop() {
    this.#batches = [];
    this.#index = this.#values = this.#size = 0;
  }

  #wait(take) {
    return new Promise((resolve, reject) => {
      const consumer = {
        take: () => resolve({ value: take(), done: false }),
        finish: () => {
          const error = this.#error;
          this.#error = null; // Told once; afterwards the iterator is simply done.
          if (error) reject(error);
          else resolve({ value: undefined, done: true });
        },
      };
      if (this.#isEnded) consumer.finish();
      else this.#waiting.push(consumer);
    });
  }
}

module.exports = { Subscription };
