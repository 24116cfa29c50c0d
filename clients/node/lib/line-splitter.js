'use strict';

const NEWLINE = 0x0a;

/**
 * Cuts a stream of bytes into lines at `\n` and nothing else (Node's readline also splits at U+2028). Each byte is looked at
 * once, and text is decoded a whole line at a time, so a character may be cut anywhere between two chunks.
 */
class LineSplitter {
  #pieces = [];
  #length = 0;
  #limit;

  /** @param {number} limit bytes a line may have */
  constructor(limit) {
    this.#limit = limit;
  }

  /** Calls `onLine(text)` for each line that `chunk` completes. Throws RangeError for a line over the limit. */
  push(chunk, onLine) {
    let start = 0;
    for (let end; (end = chunk.indexOf(NEWLINE, start)) !== -1; start = end + 1) {
      this.#keep(chunk.subarray(start, end));
      const line = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces, this.#length);
      this.#pieces = [];
      this.#length = 0;
      onLine(line.toString('utf8'));
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  #keep(piece) {
    this.#length += piece.length;
    if (this.#length > this.#limit) throw new RangeError(`a line of the agent is over ${this.#limit} bytes`);
    this.#pieces.push(piece);
  }
}

module.exports = { LineSplitter };
