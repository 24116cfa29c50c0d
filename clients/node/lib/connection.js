'use strict';

const { SocketTransport } = require('./socket-transport');
const { LineSplitter } = require('./line-splitter');
const { Deadlines } = require('./deadlines');
const { PendingRequests } = require('./pending-requests');
const { parseMessage } = require('./message');
const { requestLine, cancelLine } = require('./request-line');
const { RunnerError, ConnectionLostError, CancelledError, RequestTimeoutError, fromResponse } = require('./errors');

/** A line from the agent may be larger than what the agent accepts; beyond this it is not the agent. */
const MAX_LINE_BYTES = 64 << 20;
/** What may wait while the agent does not read or answer, before requests fail with `BUSY`. */
const MAX_UNSENT_BYTES = 8 << 20;
const MAX_PENDING = 65_536;
/** How long an aborted call waits for the agent to say what became of it. */
const CANCEL_MS = 5000;

/** One connection: requests are pipelined, answers find their request by id, notifications go to `onNotification`. */
class Connection {
  #transport;
  #splitter = new LineSplitter(MAX_LINE_BYTES);
  #pending = new PendingRequests();
  #deadlines = new Deadlines((now) => this.#expire(now));
  #outgoing = '';
  #now = 0;
  #isHeld = false;
  #onNotification;
  #onClose;
  #closed = false;
  #fault = null;

  /** `onNotification` also gets the size of the line; `onClose(error)` comes once. */
  constructor(transport, { onNotification = () => {}, onClose = () => {} } = {}) {
    this.#transport = typeof transport === 'string' ? new SocketTransport(transport) : transport;
    this.#onNotification = onNotification;
    this.#onClose = onClose;
    this.#transport.open((chunk) => this.#receive(chunk), (error) => this.#end(error));
  }

  get closed() {
    return this.#closed || this.#transport.destroyed;
  }

  /**
   * Sends a request. Aborting `signal` cancels it at the agent; the promise then settles with what the agent answers to that.
   * After `timeoutMs` (0 is never) it is cancelled too, and rejects at once. `onAnswer` gets the result and the size of its line
   * before any message that follows is looked at.
   */
  request(method, params, { signal, timeoutMs = 0, onAnswer } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw new CancelledError(signal.reason);
      if (this.closed) throw this.#fault ?? new ConnectionLostError('the connection to the agent is closed', { sent: false });
      if (this.#pending.size >= MAX_PENDING || this.#transport.unsentBytes > MAX_UNSENT_BYTES) {
        throw new RunnerError('the agent does not keep up with the requests', { code: 'BUSY', data: { code: 'BUSY', retryable: true } });
      }
      const line = requestLine(this.#pending.nextId(), method, params);
      const entry = { id: 0, resolve, reject, method, onAnswer, abort: undefined, timeoutMs, deadline: Infinity };
      if (this.#pending.size === 0 && !this.#isHeld) this.#transport.ref();
      this.#pending.add(entry);
      if (signal) this.#listen(signal, entry);
      if (timeoutMs > 0) this.#limit(entry, timeoutMs);
      this.#send(line);
    });
  }

  /** Stops reading until resume(): the kernel and then the agent hold back what comes. */
  pause() {
    this.#transport.pause();
  }

  resume() {
    this.#transport.resume();
  }

  /** Keeps the process alive although no request waits, for a stream. */
  hold() {
    this.#isHeld = true;
    this.#transport.ref();
  }

  /** Ends it; requests under way reject with `error`. The promise resolves when nothing of it is left. */
  close(error) {
    this.#fault ??= error ?? null;
    const closed = new Promise((resolve) => {
      if (this.#closed) return resolve();
      const onClose = this.#onClose;
      this.#onClose = (reason) => {
        onClose(reason);
        resolve();
      };
    });
    this.#transport.destroy();
    if (error) this.#rejectAll(error);
    return closed;
  }

  /** All lines of one turn of the event loop go out with one write. */
  #send(line) {
    if (this.#outgoing === '') process.nextTick(this.#flush);
    this.#outgoing += line;
  }

  #flush = () => {
    const text = this.#outgoing;
    this.#outgoing = '';
    this.#now = 0;
    if (!this.closed) this.#transport.write(text);
  };

  #limit(entry, milliseconds) {
    this.#now ||= performance.now(); // Until the next flush: the clock is dearer than the rest of this.
    entry.deadline = this.#now + milliseconds;
    this.#deadlines.add(entry.deadline);
  }

  #listen(signal, entry) {
    const listener = () => {
      entry.abort.isCancelled = true;
      this.#send(cancelLine(entry.id));
      this.#limit(entry, CANCEL_MS);
    };
    entry.abort = { signal, listener, isCancelled: false };
    signal.addEventListener('abort', listener, { once: true });
  }

  #expire(now) {
    let next = Infinity;
    for (const entry of this.#pending.all()) {
      if (entry.deadline > now) {
        if (entry.deadline < next) next = entry.deadline;
        continue;
      }
      this.#settle(entry.id);
      if (entry.abort?.isCancelled) {
        entry.reject(new CancelledError(entry.abort.signal.reason, { message: 'the call was aborted; the agent did not say what became of it' }));
      } else {
        this.#send(cancelLine(entry.id));
        entry.reject(new RequestTimeoutError(entry.method, entry.timeoutMs));
      }
    }
    return next;
  }

  #receive(chunk) {
    if (this.#fault) return;
    try {
      this.#splitter.push(chunk, (line) => {
        if (line !== '' && !this.#fault) this.#dispatch(parseMessage(line), line.length);
      });
    } catch (cause) {
      // Nothing after this can be trusted.
      this.close(new ConnectionLostError('what answers does not speak the protocol of runner-agent', {
        code: 'PROTOCOL_ERROR', sent: true, cause, retryable: false, hint: 'Look at what listens on the socket.',
      }));
    }
  }

  #dispatch(message, size) {
    if (message.method !== undefined) {
      this.#onNotification(message.method, message.params, size);
      return;
    }
    const { id, error } = message;
    if (id === undefined) throw new TypeError('neither an answer nor a notification');
    if (error && id === null) return void this.close(fromResponse(error)); // It refuses the connection: no request can be answered.
    const entry = this.#settle(id);
    if (!entry) return; // The answer to a request that ran out of time.
    if (!error) {
      entry.onAnswer?.(message.result, size);
      entry.resolve(message.result);
    } else if (entry.abort?.isCancelled && error.code === -32800) {
      entry.reject(new CancelledError(entry.abort.signal.reason, { message: error.message, rpcCode: error.code, data: error.data }));
    } else {
      entry.reject(fromResponse(error));
    }
  }

  #settle(id) {
    const entry = this.#pending.take(id);
    if (entry === undefined) return undefined;
    entry.abort?.signal.removeEventListener('abort', entry.abort.listener);
    if (this.#pending.size === 0 && !this.#isHeld) this.#transport.unref();
    return entry;
  }

  #rejectAll(error) {
    for (const { id } of this.#pending.all()) this.#settle(id).reject(error);
  }

  #end(reason) {
    this.#closed = true;
    this.#deadlines.clear();
    const error = this.#fault ?? reason;
    this.#rejectAll(error);
    this.#onClose(error);
  }
}

module.exports = { Connection };
