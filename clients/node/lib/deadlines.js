'use strict';

/**
 * One timer for many deadlines, set for the earliest: a call that is answered in time costs no timer of its own. It keeps no
 * process alive.
 */
class Deadlines {
  #at = Infinity;
  #timer = null;
  #onDue;

  /** `onDue(now)` deals with what is due and returns the earliest deadline that is left, or Infinity. */
  constructor(onDue) {
    this.#onDue = onDue;
  }

  add(at) {
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => {
      this.#at = Infinity;
      this.add(this.#onDue(performance.now()));
    }, Math.min(Math.max(0, Math.ceil(at - performance.now())), 0x7fffffff));
    this.#timer.unref();
  }

  clear() {
    clearTimeout(this.#timer);
    this.#at = Infinity;
  }
}

module.exports = { Deadlines };
