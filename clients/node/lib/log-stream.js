'use strict';

const { ResumingStream } = require('./resuming-stream');
const { RunnerError } = require('./errors');

/** The number after which nothing of this record is missing. */
const lastOf = (record) => (record.gap ? record.gap.to : record.seq);

/**
 * Records of one instance's log, from `runner.logs` with `follow`. After a reconnect it goes on behind the last record that came:
 * none is repeated, and what is missing is told by a gap record.
 */
class LogStream extends ResumingStream {
  #params;
  #received; // The `after` for the next connection.
  #isResumed = false;
  #newest = null;

  /** Where another stream goes on, as `after`: behind the last record that was consumed. */
  lastSeq;
  /** `ended`, `removed` or `unsubscribed`; `shutdown` when it may not resume. */
  endReason;

  constructor(connect, params, options) {
    super(connect, options);
    this.#params = params;
    this.lastSeq = params.after;
    this.#received = params.after;
  }

  request() {
    const params = { ...this.#params, follow: true };
    if (this.#isResumed) {
      delete params.tail;
      params.after = this.#received;
    }
    return { method: 'runner.logs', params };
  }

  answered({ firstSeq }) {
    this.#received ??= firstSeq - 1;
    this.lastSeq ??= this.#received;
    this.#isResumed = true;
  }

  notified(method, value, size) {
    if (method === 'runner.log') {
      const values = this.#new(value.records);
      this.#received = value.lastSeq;
      if (values.length === 0) return undefined;
      this.#newest = { values, size, lastSeq: value.lastSeq };
      this.push(this.#newest);
      return undefined;
    }
    if (method !== 'runner.log.end') return undefined;
    this.#advance(value.nextSeq - 1);
    this.endReason = value.reason;
    if (value.reason !== 'shutdown') return {};
    return { error: new RunnerError('the agent ends', { code: 'SHUTTING_DOWN', data: { code: 'SHUTTING_DOWN', retryable: true } }) };
  }

  /** Records up to here were left out by the filter, behind the last one that came. */
  #advance(seq) {
    if (!(seq > this.#received)) return;
    if (this.lastSeq === this.#received) this.lastSeq = seq; // All that came was consumed.
    else if (this.#newest) this.#newest.lastSeq = seq;
    this.#received = seq;
  }

  taken({ values, lastSeq }, index) {
    this.lastSeq = index === values.length - 1 ? lastSeq : lastOf(values[index]);
  }

  /** Without records that came before; costs one comparison when there are none. */
  #new(records) {
    if (!(lastOf(records[0]) <= this.#received)) return records;
    return records.filter((record) => lastOf(record) > this.#received);
  }
}

module.exports = { LogStream };
