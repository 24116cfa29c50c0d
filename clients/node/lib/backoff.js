'use strict';

const FIRST_MS = 100;
const MOST_MS = 5000;
/** A connection that lived this long was a good one: the next pause is short again. */
const GOOD_MS = 10_000;

/** How long to pause before the next attempt: doubled each time, less up to half by chance, so that many clients do not come at once. */
class Backoff {
  #attempt = 0;
  #random;

  constructor(random = Math.random) {
    this.#random = random;
  }

  get attempt() {
    return this.#attempt;
  }

  /** @param {number} livedMs how long the connection lived that was lost */
  delay(livedMs = 0) {
    if (livedMs >= GOOD_MS) this.#attempt = 0;
    const most = Math.min(MOST_MS, FIRST_MS * 2 ** this.#attempt);
    this.#attempt++;
    return Math.round(most * (1 - this.#random() / 2));
  }
}

module.exports = { Backoff };
