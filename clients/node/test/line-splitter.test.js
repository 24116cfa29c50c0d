'use strict';

const test = require('node:test');
const assert = require('node:assert/strict');
const { LineSplitter } = require('../lib/line-splitter');

function split(chunks, limit = 1000) {
  const lines = [];
  const splitter = new LineSplitter(limit);
  for (const chunk of chunks) splitter.push(Buffer.from(chunk), (line) => lines.push(line));
  return lines;
}

test('lines do not depend on where the bytes are cut', () => {
  const bytes = Buffer.from('{"a":"ü€😀"}\n{"b":"\u2028"}\n\n{"c":1}\nrest');
  const expected = ['{"a":"ü€😀"}', '{"b":"\u2028"}', '', '{"c":1}'];
  assert.deepEqual(split([bytes]), expected);
  assert.deepEqual(split([...bytes].map((byte) => [byte])), expected);
  for (let at = 0; at <= bytes.length; at++) {
    assert.deepEqual(split([bytes.subarray(0, at), bytes.subarray(at)]), expected);
  }
});

test('a line at the limit passes and one over it throws, complete or not', () => {
  assert.deepEqual(split(['12345', '67890\n'], 10), ['1234567890']);
  assert.throws(() => split(['12345', '678901\n'], 10), RangeError);
  assert.throws(() => split(['12345678901'], 10), RangeError);
});
