'use strict';

/** What is written at once; also what may wait here while the reader does not take it. */
const BATCH_LENGTH = 64 << 10;

/**
 * A response that goes on for long. What is pushed within one turn of the event loop is written as one piece; a reader that
 * does not keep up makes push() return a promise to wait for, and holds no more than one batch here.
 */
class ResponseStream {
  #res;
  #pieces = [];
  #length = 0;
  #scheduled = false;
  #waiting = [];
  #abort = new AbortController();
  #open;

  /** `open` holds it until it is over, for whatever reason. */
  constructor(res, headers, open) {
    this.#res = res;
    this.#open = open;
    open.add(this);
    res.writeHead(200, {
      // Without no-transform a compressing middleware or proxy keeps everything back until its buffer is full.
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
      'X-Content-Type-Options': 'nosniff',
      ...headers,
    });
    res.flushHeaders();
    res.on('drain', () => this.#flush());
    res.on('close', () => this.#over());
    if (res.destroyed || res.socket?.destroyed) this.#over();
  }

  /** Aborted when the reader has gone or the response has ended. */
  get signal() {
    return this.#abort.signal;
  }

  /** Whether nothing waits to be written. */
  get idle() {
    return this.#length === 0;
  }

  /** Takes a string or bytes. A promise means: wait before pushing more. */
  push(piece) {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#length >= BATCH_LENGTH) {
      this.#flush();
      if (this.#length > 0) return new Promise((resolve) => this.#waiting.push(resolve));
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(() => {
        this.#scheduled = false;
        this.#flush();
      });
    }
    return undefined;
  }

  /** Writes what is left and ends the response in order. */
  end() {
    if (!this.#res.destroyed) this.#res.end(this.#take());
  }

  /** Cuts the response off, so that its reader knows that it was not complete and asks again. */
  cut() {
    this.#res.destroy();
    this.#over();
  }

  #flush() {
    if (this.signal.aborted || this.#length === 0 || this.#res.writableNeedDrain) return;
    this.#res.write(this.#take());
    this.#res.flush?.(); // Of a compressing middleware, where there is one.
    for (const resume of this.#waiting.splice(0)) resume();
  }

  #take() {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#length = 0;
    if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
    return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  }

  #over() {
    if (this.signal.aborted) return;
    this.#abort.abort();
    this.#pieces = [];
    this.#length = 0;
    for (const resume of this.#waiting.splice(0)) resume();
    this.#open.delete(this);
  }
}

module.exports = { ResponseStream };
