'use strict';

/**
 * Requests under way, by id. Ids grow; the slot of an id is its remainder, and an id whose slot is taken is passed over. A Map
 * would do the same, but keeps what was deleted alive for a while after each growth of its table, which costs a third of the time
 * of a small request in garbage collection.
 */
class PendingRequests {
  #slots = new Array(64).fill(undefined);
  #nextId = 1;
  #size = 0;

  get size() {
    return this.#size;
  }

  /** The id that the next add() will use. */
  nextId() {
    if (this.#size * 2 > this.#slots.length) this.#grow();
    while (this.#slots[this.#nextId % this.#slots.length] !== undefined) this.#nextId++;
    return this.#nextId;
  }

  /** Sets `entry.id` to nextId(). */
  add(entry) {
    entry.id = this.nextId();
    this.#nextId++;
    this.#slots[entry.id % this.#slots.length] = entry;
    this.#size++;
  }

  /** The entry, which is pending no more; undefined for what is no pending id. */
  take(id) {
    if (!Number.isSafeInteger(id) || id < 1) return undefined;
    const slot = id % this.#slots.length;
    const entry = this.#slots[slot];
    if (entry === undefined || entry.id !== id) return undefined;
    this.#slots[slot] = undefined;
    this.#size--;
    return entry;
  }

  /** Those there are now. */
  all() {
    return this.#slots.filter((entry) => entry !== undefined);
  }

  /** Ids that differ in their remainder by a number also do by its double. */
  #grow() {
    const grown = new Array(this.#slots.length * 2).fill(undefined);
    for (const entry of this.all()) grown[entry.id % grown.length] = entry;
    this.#slots = grown;
  }
}

module.exports = { PendingRequests };
