'use strict';

/**
 * Log records as the text that was logged. A `partial` record gets no newline, so that the next one of its stream continues
 * it; when another stream speaks in between, its line starts on one of its own.
 */
class LogText {
  #open = null;

  /** A string, or the bytes themselves when they are not UTF-8. */
  encode(record) {
    if (record.gap) {
      const { from, to, reason } = record.gap;
      return `${this.#breakLine(null)}[log records ${from} to ${to} are missing: ${reason}]\n`;
    }
    const start = this.#breakLine(record.stream);
    this.#open = record.partial ? record.stream : null;
    const end = record.partial ? '' : '\n';
    if (record.base64 === undefined) return start + record.text + end;
    return Buffer.concat([Buffer.from(start), Buffer.from(record.base64, 'base64'), Buffer.from(end)]);
  }

  #breakLine(stream) {
    if (this.#open === null || this.#open === stream) return '';
    this.#open = null;
    return '\n';
  }
}

/** The text of a page; bytes that are not UTF-8 become U+FFFD. */
function textOf(records) {
  const text = new LogText();
  return records.map((record) => text.encode(record).toString('utf8')).join('');
}

module.exports = { LogText, textOf };
