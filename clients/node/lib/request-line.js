'use strict';

const { RunnerError } = require('./errors');

/** What the agent reads of one line, and how deep it may be nested (`limits.lineBytes` and `limits.nesting`). */
const MAX_LINE_BYTES = 4 << 20;
const MAX_NESTING = 64;

/** A `\uD800`..`\uDFFF` that JSON.stringify wrote as an escape is half a pair; a backslash in the text itself is doubled. */
const LONE_SURROGATE = /(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/;

/**
 * The line of a request. The agent answers a line that it cannot read with `id: null`, which belongs to no request: what would
 * make it unreadable is refused here, with an error of its own.
 */
function requestLine(id, method, params) {
  const start = `{"jsonrpc":"2.0","id":${id},"method":${quoted(method)}`;
  if (params === undefined) return `${start}}\n`;
  const text = JSON.stringify(params);
  if (text.length > 2 * MAX_NESTING - 2) assertNesting(text);
  if (text.includes('\\ud') && LONE_SURROGATE.test(text)) {
    throw new RunnerError(`the params of ${method} hold half of a surrogate pair, which is no text`, { code: 'INVALID_PARAMS' });
  }
  const line = `${start},"params":${text}}\n`;
  if (line.length * 3 > MAX_LINE_BYTES && Buffer.byteLength(line) - 1 > MAX_LINE_BYTES) {
    throw new RunnerError(`the params of ${method} make a line of more than ${MAX_LINE_BYTES} bytes`, {
      code: 'MESSAGE_TOO_LARGE', data: { code: 'MESSAGE_TOO_LARGE', retryable: false, limit: MAX_LINE_BYTES },
    });
  }
  return line;
}

/** Method names as JSON; there are few, unless a caller makes them up. */
const names = new Map();

function quoted(method) {
  let text = names.get(method);
  if (text === undefined) {
    text = JSON.stringify(method);
    if (names.size < 100) names.set(method, text);
  }
  return text;
}

function cancelLine(id) {
  return `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":${id}}}\n`;
}

function assertNesting(text) {
  let depth = 1; // The message around the params.
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isInString) {
      if (unit === 0x5c) at++;
      else if (unit === 0x22) isInString = false;
    } else if (unit === 0x22) {
      isInString = true;
    } else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > MAX_NESTING) {
        throw new RunnerError(`the params are nested more than ${MAX_NESTING - 1} deep`, { code: 'INVALID_PARAMS' });
      }
    } else if (unit === 0x7d || unit === 0x5d) {
      depth--;
    }
  }
}

module.exports = { requestLine, cancelLine };
