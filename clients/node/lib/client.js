'use strict';

const { Connection } = require('./connection');
const { Subscription } = require('./subscription');
const { RunnerError } = require('./errors');
const { defaultSocketPath } = require('./socket-path');

/**
 * A client of one agent. It connects with the first request, and again with the first request after the connection was lost.
 * Requests share one connection and are pipelined; each stream (followLogs, watch) has a connection of its own.
 */
class RunnerClient {
  #socketPath;
  #connection = null;
  #progress = new Map();
  #nextToken = 1;
  #streams = new Set();
  #closed = false;

  constructor({ socketPath } = {}) {
    this.#socketPath = socketPath;
  }

  get socketPath() {
    this.#socketPath ??= defaultSocketPath();
    return this.#socketPath;
  }

  /** Any method of the protocol. */
  async request(method, params, options) {
    return this.#connect().request(method, params, options);
  }

  ping(options) { return this.request('agent.ping', undefined, options); }
  info(options) { return this.request('agent.info', undefined, options); }

  /** Starts a component; `onProgress` is told of each step until the answer. */
  async start(params, { onProgress, ...options } = {}) {
    if (!onProgress) return this.request('runner.start', params, options);
    const progressToken = `start-${this.#nextToken++}`;
    this.#progress.set(progressToken, onProgress);
    try {
      const told = { ...params, _meta: { ...params._meta, progressToken } };
      return await this.request('runner.start', told, options);
    } finally {
      this.#progress.delete(progressToken);
    }
  }

  stop(params, options) { return this.request('runner.stop', params, options); }
  get(params, options) { return this.request('runner.get', params, options); }
  list(params = {}, options) { return this.request('runner.list', params, options); }
  remove(params, options) { return this.request('runner.remove', params, options); }
  validate(params, options) { return this.request('runner.validate', params, options); }
  logs(params, options) { return this.request('runner.logs', { ...params, follow: false }, options); }

  /**
   * Records of an instance's log as they come, until it ends. `lastSeq` of the stream is where another one resumes (`after`),
   * `endReason` says why it ended.
   */
  followLogs(params, { signal } = {}) {
    return this.#stream({
      method: 'runner.logs',
      params: { ...params, follow: true },
      signal,
      onNotification(stream, method, value) {
        if (method === 'runner.log') {
          stream.lastSeq = value.lastSeq;
          stream.push(value.records);
        } else if (method === 'runner.log.end') {
          stream.endReason = value.reason;
          stream.end();
        }
      },
    });
  }

  /** Instances: those there are, then each one again whenever it changes. */
  watch(params = {}, { signal } = {}) {
    return this.#stream({
      method: 'runner.watch',
      params,
      signal,
      onAnswer(stream, { instances }) {
        stream.push(instances);
      },
      onNotification(stream, method, value) {
        if (method === 'runner.instance') stream.push([value.instance]);
      },
    });
  }

  /** Ends the connection and every stream; requests under way reject. The client cannot be used again. */
  close() {
    this.#closed = true;
    this.#connection?.close();
    for (const stream of this.#streams) stream.end();
  }

  #stream(options) {
    this.#assertOpen();
    const onEnd = (stream) => this.#streams.delete(stream);
    const stream = new Subscription(this.socketPath, { ...options, onEnd });
    this.#streams.add(stream);
    return stream;
  }

  #connect() {
    this.#assertOpen();
    if (!this.#connection || this.#connection.closed) {
      this.#connection = new Connection(this.socketPath, {
        onNotification: (method, params) => {
          if (method === '$/progress') this.#progress.get(params.token)?.(params.value);
        },
      });
    }
    return this.#connection;
  }

  #assertOpen() {
    if (this.#closed) throw new RunnerError('the client is closed', { code: 'CLIENT_CLOSED' });
  }
}

module.exports = { RunnerClient };
