'use strict';

const { Connection } = require('./connection');
const { ChildTransport } = require('./child-transport');
const { SocketTransport } = require('./socket-transport');
const { LogStream } = require('./log-stream');
const { WatchStream } = require('./watch-stream');
const { tell } = require('./tell');
const { clientClosed } = require('./errors');
const { defaultSocketPath } = require('./socket-path');

/** How long a call may take that the agent answers at once; what the params allow the agent comes on top. */
const TIMEOUT_MS = 60_000;
const START_SECONDS = 1800;
const STOP_SECONDS = 10;

/**
 * A client of one agent. It connects with the first request, and again with the first request after the connection was lost.
 * Requests share one connection and are pipelined; each stream (followLogs, watch) has a connection of its own.
 */
class RunnerClient {
  #socketPath;
  #spawn;
  #timeoutMs;
  #defaults;
  #handshake;
  #connection = null;
  #progress = new Map();
  #nextToken = 1;
  #streams = new Set();
  #closing = null;

  constructor({ socketPath, spawn = false, timeoutMs = TIMEOUT_MS, clientInfo, onDisconnect } = {}) {
    this.#socketPath = socketPath;
    this.#spawn = spawn === true ? {} : spawn;
    this.#timeoutMs = timeoutMs;
    this.#defaults = { timeoutMs };
    this.#handshake = clientInfo || onDisconnect ? { protocolVersions: [1], clientInfo, onDisconnect } : null;
  }

  get socketPath() {
    this.#socketPath ??= defaultSocketPath();
    return this.#socketPath;
  }

  /** Any method of the protocol. */
  request(method, params, options) {
    try {
      return this.#connect().request(method, params, options ? this.#within(this.#timeoutMs, options) : this.#defaults);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  ping(options) { return this.request('agent.ping', undefined, options); }
  info(options) { return this.request('agent.info', undefined, options); }

  /** Starts a component; `onProgress` is told of each step until the answer. */
  async start(params, { onProgress, ...options } = {}) {
    const waits = params.wait !== undefined && params.wait !== 'accepted';
    const allowed = this.#allow(waits ? params.timeoutSeconds ?? START_SECONDS : 0, options);
    if (!onProgress) return this.request('runner.start', params, allowed);
    const progressToken = `start-${this.#nextToken++}`;
    this.#progress.set(progressToken, onProgress);
    try {
      const told = { ...params, _meta: { ...params._meta, progressToken } };
      return await this.request('runner.start', told, allowed);
    } finally {
      this.#progress.delete(progressToken);
    }
  }

  stop(params, options) {
    return this.request('runner.stop', params, this.#allow(params.timeoutSeconds ?? STOP_SECONDS, options));
  }

  get(params, options) { return this.request('runner.get', params, options); }
  list(params = {}, options) { return this.request('runner.list', params, options); }
  remove(params, options) { return this.request('runner.remove', params, options); }
  validate(params, options) { return this.request('runner.validate', params, options); }
  logs(params, options) { return this.request('runner.logs', { ...params, follow: false }, options); }

  /**
   * Records of an instance's log as they come, until it ends. `lastSeq` of the stream is where another one resumes (`after`),
   * `endReason` says why it ended.
   */
  followLogs(params, options) {
    return this.#stream(LogStream, params, options);
  }

  /** Instances: those there are, then each one again whenever it changes. */
  watch(params = {}, options) {
    return this.#stream(WatchStream, params, options);
  }

  /**
   * Ends the connection and every stream; what is under way rejects with `CLIENT_CLOSED`. Resolves when nothing is left, a child
   * included. The client cannot be used again.
   */
  close() {
    if (!this.#closing) {
      const error = clientClosed();
      const connection = this.#connection?.close(error);
      this.#closing = Promise.all([...this.#streams].map((stream) => stream.close(error))).then(() => connection);
    }
    return this.#closing;
  }

  #allow(seconds, options) {
    return this.#within(this.#timeoutMs > 0 ? this.#timeoutMs + seconds * 1000 : 0, options);
  }

  #within(timeoutMs, options) {
    return { ...options, timeoutMs: options?.timeoutMs ?? timeoutMs };
  }

  #stream(Stream, params, options) {
    this.#assertOpen();
    const connect = (handlers) => this.#connectStream(handlers);
    const onEnd = (ended) => this.#streams.delete(ended);
    const stream = new Stream(connect, params, { ...this.#within(this.#timeoutMs, options), onEnd });
    if (!stream.isEnded) this.#streams.add(stream);
    return stream;
  }

  /** A child's stdio is one connection; the agent behind it listens on a socket too, and that is where streams go. */
  async #connectStream(handlers) {
    if (!this.#spawn) return new Connection(new SocketTransport(this.socketPath), handlers);
    const { socket } = await this.info();
    return new Connection(socket ? new SocketTransport(socket) : new ChildTransport(this.#spawn), handlers);
  }

  #connect() {
    this.#assertOpen();
    if (!this.#connection || this.#connection.closed) {
      const transport = this.#spawn ? new ChildTransport(this.#spawn) : new SocketTransport(this.socketPath);
      const connection = new Connection(transport, { onNotification: (method, params) => this.#notified(method, params) });
      this.#connection = connection;
      if (this.#handshake) {
        connection.request('initialize', this.#handshake, { timeoutMs: this.#timeoutMs }).catch((error) => connection.close(error));
      }
    }
    return this.#connection;
  }

  #notified(method, { token, value }) {
    if (method === '$/progress') tell(this.#progress.get(token), value);
  }

  #assertOpen() {
    if (this.#closing) throw clientClosed();
  }
}

module.exports = { RunnerClient };
