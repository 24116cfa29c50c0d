'use strict';

const ANSWER = '{"jsonrpc":"2.0","id":';
const RESULT = ',"result":';
const [ZERO, NINE, CLOSING_BRACE] = [0x30, 0x39, 0x7d];

/**
 * The message of one line from the agent, as JSON.parse gives it. Of an answer as agents write it only the result is parsed: half
 * the time for a small one.
 */
function parseMessage(line) {
  if (line.startsWith(ANSWER) && line.charCodeAt(line.length - 1) === CLOSING_BRACE) {
    let id = 0;
    let at = ANSWER.length;
    for (let unit; (unit = line.charCodeAt(at)) >= ZERO && unit <= NINE; at++) id = id * 10 + unit - ZERO;
    if (at > ANSWER.length && line.startsWith(RESULT, at)) {
      try {
        return { id, result: JSON.parse(line.slice(at + RESULT.length, -1)), method: undefined, error: undefined };
      } catch {
        // More members follow, or it is no JSON.
      }
    }
  }
  return JSON.parse(line);
}

module.exports = { parseMessage };
