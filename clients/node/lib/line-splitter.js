'use strict';

const NEWLINE = 0x0a;

/**
 * Cuts a stream of bytes into lines at `\n` and nothing else (Node's readline also splits at U+2028). Each byte is looked at
 * once, and text is decoded only up to a newline, so a character may be cut anywhere between two chunks.
 */
class LineSplitter {
  #pieces = [];
  #length = 0;
  #limit;

  /** @param {number} limit bytes a line may have */
  constructor(limit) {
    this.#limit = limit;
  }

  /** Calls `onLine(text)` for each line that `chunk` completes, and keeps no reference to it. Throws RangeError for a line over the limit. */
  push(chunk, onLine) {
    let start = 0;
    if (this.#length > 0) {
      const end = chunk.indexOf(NEWLINE);
      this.#keep(end < 0 ? chunk : chunk.subarray(0, end));
      if (end < 0) return;
      start = end + 1;
      const line = Buffer.concat(this.#pieces, this.#length);
      this.#pieces = [];
      this.#length = 0;
      onLine(line.toString('utf8'));
    }
    const end = chunk.lastIndexOf(NEWLINE);
    if (end >= start) {
      this.#complete(chunk, start, end, onLine);
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  /** Whole lines are decoded together: many answers come in one chunk. */
  #complete(chunk, start, end, onLine) {
    if (end - start > this.#limit) {
      for (let from = start, to; from <= end; from = to + 1) {
        to = chunk.indexOf(NEWLINE, from);
        this.#assertWithinLimit(to - from);
      }
    }
    const text = chunk.toString('utf8', start, end);
    let from = 0;
    for (let to; (to = text.indexOf('\n', from)) !== -1; from = to + 1) onLine(text.slice(from, to));
    onLine(from === 0 ? text : text.slice(from));
  }

  #keep(piece) {
    this.#length += piece.length;
    this.#assertWithinLimit(this.#length);
    this.#pieces.push(Buffer.from(piece));
  }

  #assertWithinLimit(length) {
    if (length > this.#limit) throw new RangeError(`a line of the agent is over ${this.#limit} bytes`);
  }
}

module.exports = { LineSplitter };
