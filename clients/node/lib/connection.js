'use strict';

const net = require('node:net');
const { LineSplitter } = require('./line-splitter');
const { RunnerError, ConnectionLostError, fromResponse } = require('./errors');

/** A line from the agent may be larger than what the agent accepts; beyond this it is not the agent. */
const MAX_LINE_BYTES = 64 << 20;
/** What may wait unsent while the agent does not read, before requests fail with `BUSY`. */
const MAX_UNSENT_BYTES = 8 << 20;

/** One socket: requests are pipelined, answers find their request by id, notifications go to `onNotification`. */
class Connection {
  #socket;
  #splitter = new LineSplitter(MAX_LINE_BYTES);
  #pending = new Map();
  #nextId = 1;
  #connected = false;
  #onNotification;
  #onClose;

  constructor(socketPath, { onNotification = () => {}, onClose = () => {} } = {}) {
    this.#onNotification = onNotification;
    this.#onClose = onClose;
    this.#socket = net.connect(socketPath);
    this.#socket.unref(); // An idle connection keeps no process alive; see request().
    this.#socket.on('connect', () => { this.#connected = true; });
    this.#socket.on('data', (chunk) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(null));
  }

  get closed() {
    return this.#socket.destroyed;
  }

  /**
   * Sends a request; aborting `signal` cancels it at the agent and rejects at once with the signal's reason. `onAnswer` gets
   * the result before any message that follows it is looked at.
   */
  request(method, params, { signal, onAnswer } = {}) {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#socket.writableLength > MAX_UNSENT_BYTES) {
        throw new RunnerError('the agent does not read', { code: 'BUSY', data: { retryable: true } });
      }
      const id = this.#nextId++;
      const onAbort = () => {
        this.#settle(id);
        this.#send({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id } });
        reject(signal.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const forget = () => signal?.removeEventListener('abort', onAbort);
      this.#pending.set(id, { resolve, reject, forget, onAnswer });
      this.#socket.ref();
      this.#send({ jsonrpc: '2.0', id, method, params });
    });
  }

  /** Stops reading until resume(): the kernel and then the agent hold back what comes. */
  pause() {
    this.#socket.pause();
  }

  resume() {
    this.#socket.resume();
  }

  /** Keeps the process alive although no request waits, for a stream. */
  ref() {
    this.#socket.ref();
  }

  close() {
    this.#socket.destroy();
  }

  #send(message) {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  #receive(chunk) {
    const messages = [];
    try {
      this.#splitter.push(chunk, (line) => messages.push(JSON.parse(line)));
    } catch (error) {
      this.#socket.destroy(error); // Not the protocol: nothing after this can be trusted.
    }
    for (const message of messages) this.#dispatch(message);
  }

  #dispatch(message) {
    if (message.method !== undefined) {
      this.#onNotification(message.method, message.params);
      return;
    }
    const request = this.#settle(message.id);
    if (!request) return; // The answer to a request that was aborted.
    if (message.error) {
      request.reject(fromResponse(message.error));
    } else {
      request.onAnswer?.(message.result);
      request.resolve(message.result);
    }
  }

  #settle(id) {
    const request = this.#pending.get(id);
    if (!request) return undefined;
    this.#pending.delete(id);
    request.forget();
    if (this.#pending.size === 0) this.#socket.unref();
    return request;
  }

  #fail(cause) {
    const sent = this.#connected;
    const error = new ConnectionLostError(
      sent ? 'the connection to the agent was lost' : `no agent answers: ${cause?.message ?? 'closed'}`,
      { sent, cause, code: sent ? 'CONNECTION_LOST' : 'AGENT_UNAVAILABLE' });
    for (const id of [...this.#pending.keys()]) this.#settle(id).reject(error);
    const onClose = this.#onClose;
    this.#onClose = () => {};
    onClose(error);
  }
}

module.exports = { Connection };
