'use strict';

// What is sent and read, line by line, and the table of requests under way.

const test = require('node:test');
const assert = require('node:assert/strict');
const { LineSplitter } = require('../lib/line-splitter');
const { parseMessage } = require('../lib/message');
const { PendingRequests } = require('../lib/pending-requests');
const { requestLine } = require('../lib/request-line');

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
  assert.deepEqual(split(['12345\n67890\n12345\n'], 10), ['12345', '67890', '12345']);
  for (const chunks of [['12345', '678901\n'], ['12345678901'], ['12345678901\n'], ['1\n12345678901\n1\n'], ['1\n12345678901\n1']]) {
    assert.throws(() => split(chunks, 10), RangeError);
  }
});

test('the splitter keeps nothing of a buffer that is read into again', () => {
  const lines = [];
  const splitter = new LineSplitter(100);
  const buffer = Buffer.from('one\ntw');
  splitter.push(buffer, (line) => lines.push(line));
  buffer.write('o\nthr\n');
  splitter.push(buffer, (line) => lines.push(line));
  assert.deepEqual(lines, ['one', 'two', 'thr']);
});

test('a message is what JSON.parse gives, in whatever shape it is written', () => {
  const start = '{"jsonrpc":"2.0","id":';
  for (const line of [
    `${start}1,"result":{}}`, `${start}12345678901234567890,"result":[1,{"a":"}"}]}`, `${start}7,"result":null}`, `${start}7,"result":"x"} \r`,
    `${start}7,"result":{},"later":1}`, `${start}null,"error":{"code":-32700,"message":"no"}}`, `${start}"7","result":{}}`,
    '{"id":3,"result":{},"jsonrpc":"2.0"}', `${start}-1,"result":1}`, `${start}1.5,"result":1}`,
    '{"jsonrpc":"2.0","method":"runner.log","params":{}}',
  ]) {
    const { id, result, method, error } = JSON.parse(line);
    const message = parseMessage(line);
    assert.deepEqual([message.id, message.result, message.method, message.error], [id, result, method, error], line);
  }
  for (const line of [`${start}1,"result":}`, `${start}1,"result":{}`, `${start}1,"result":{}x`, `${start},"result":{}}`, `${start}1,"result":{}}}`, start]) {
    assert.throws(() => parseMessage(line), SyntaxError, line);
  }
});

test('requests under way are found by id, however long one takes among many', () => {
  const pending = new PendingRequests();
  const add = (name) => {
    const entry = { name };
    pending.add(entry);
    return entry.id;
  };
  const slow = [add('slow 1'), add('slow 2')];
  const ids = new Set(slow);
  for (let i = 0; i < 1000; i++) {
    const id = add(i);
    assert(!ids.has(id), `${id} again`);
    ids.add(id);
    assert.equal(pending.take(id).name, i);
    assert.equal(pending.take(id), undefined);
  }
  const many = Array.from({ length: 1000 }, (_, i) => add(i));
  assert.equal(new Set(many).size, 1000);
  assert.deepEqual(many.map((id) => pending.take(id).name), many.map((_, i) => i));
  assert.deepEqual(pending.all().map(({ name }) => name).sort(), ['slow 1', 'slow 2']);
  for (const id of [0, -1, 1.5, NaN, 2 ** 60, '1', null, {}]) assert.equal(pending.take(id), undefined);
  assert.deepEqual([pending.take(slow[0]).name, pending.size], ['slow 1', 1]);
});

test('a request is one line, whatever the params hold', () => {
  for (const params of [undefined, { text: 'a\nb\r\u2028"\\' }, [1, [2]], { 'ü': '\\ud800', pair: '😀' }]) {
    const line = requestLine(7, 'a "method"', params);
    assert.deepEqual([line.indexOf('\n'), JSON.parse(line)], [line.length - 1, JSON.parse(JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'a "method"', params }))]);
  }
  for (const text of ['\ud800', 'x\udfff', '\\\udabc', '\udc00\ud800']) assert.throws(() => requestLine(1, 'm', { text }), { code: 'INVALID_PARAMS' });
});
