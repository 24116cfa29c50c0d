'use strict';

const { Subscription } = require('./subscription');
const { Backoff } = require('./backoff');
const { tell } = require('./tell');
const { ConnectionLostError, CancelledError } = require('./errors');

/** The most that an agent may ask to wait. */
const MOST_MS = 60_000;

/** Whether the same subscription may succeed with an agent that is started again. */
function isPassing(error) {
  if (error.code === 'PROTOCOL_ERROR') return false;
  return error instanceof ConnectionLostError || error.code === 'REQUEST_TIMEOUT' || error.retryable === true;
}

/**
 * A subscription that outlives its connection: when that is lost, it pauses, connects again and subscribes again. A first attempt
 * that fails is not repeated. It has a connection of its own, so that a consumer that is slow holds back nothing else: on a
 * connection that is shared, reading could not pause without keeping the answers of all other calls away.
 *
 * Subclasses say what to ask for (`request()`) and what the answers mean (`answered()`, `notified()`).
 */
class ResumingStream extends Subscription {
  #connect;
  #options;
  #connection = null;
  #backoff = new Backoff();
  #timer = null;
  #onEnded = () => {};
  #onCaughtUp = () => {};
  #connectedAt = 0;
  #lostAt = 0;
  #endError = null;
  #onAbort;

  /** `connect(handlers)` resolves with a Connection; options are those of the caller, `onEnd(stream)` the client's. */
  constructor(connect, options) {
    super({
      onPause: () => this.#connection?.pause(),
      onResume: () => {
        this.#connection?.resume();
        this.#onCaughtUp();
      },
      onTaken: (batch, index) => this.taken(batch, index),
      onEnd: (error) => this.#finish(error),
    });
    this.#connect = connect;
    this.#options = options;
    const { signal } = options;
    this.#onAbort = () => this.abort(new CancelledError(signal.reason, { message: 'the stream was aborted' }));
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.ready = new Promise((resolve, reject) => this.#run(resolve, reject));
    this.ready.catch(() => {}); // The iterator tells it too.
  }

  taken() {}

  /** Ends it at once, with `error`; resolves when nothing of its connection is left. */
  close(error) {
    this.abort(error);
    return this.#connection?.close();
  }

  async #run(resolve, reject) {
    const { signal, resume = true } = this.#options;
    try {
      if (signal?.aborted) throw new CancelledError(signal.reason, { message: 'the stream was aborted' });
      for (;;) {
        const error = await this.#session(resolve);
        if (this.isEnded) return reject(error); // Has no effect when it was ready.
        if (!error) return this.end();
        if (!this.#connectedAt || !resume || !isPassing(error)) throw error;
        await this.#pause(error);
        if (this.isEnded) return;
      }
    } catch (error) {
      reject(error);
      this.end(error);
    }
  }

  /** One connection, until its end; resolves with why, or undefined when the stream itself came to its end. */
  #session(onReady) {
    return new Promise((resolve) => {
      const onNotification = (method, value, size) => {
        const outcome = this.isEnded ? undefined : this.notified(method, value, size);
        if (!outcome) return;
        resolve(outcome.error);
        this.#connection.close();
      };
      const open = async () => {
        this.#connection = await this.#connect({ onNotification, onClose: resolve });
        if (this.isEnded) return void this.#connection.close(this.#endError);
        const { method, params } = this.request();
        const onAnswer = (result, size) => {
          this.#connectedAt = Date.now();
          this.#lostAt = 0;
          this.#connection.hold();
          this.answered(result, size);
          onReady(result);
        };
        await this.#connection.request(method, params, { timeoutMs: this.#options.timeoutMs, onAnswer });
      };
      open().catch((error) => {
        this.#connection?.close();
        resolve(error);
      });
    });
  }

  async #pause(error) {
    const now = Date.now();
    this.#lostAt ||= now;
    const { giveUpAfterMs = Infinity, onReconnecting } = this.#options;
    if (now - this.#lostAt >= giveUpAfterMs) throw error;
    const delayMs = Math.min(Math.max(this.#backoff.delay(now - this.#connectedAt), error.retryAfterMs ?? 0), MOST_MS);
    tell(onReconnecting, { attempt: this.#backoff.attempt, delayMs, error });
    await this.#wait((wake) => { this.#timer = setTimeout(wake, delayMs); });
    // What a new connection brings would only add to what the consumer has not taken yet.
    while (this.isPaused && !this.isEnded) await this.#wait((wake) => { this.#onCaughtUp = wake; });
  }

  /** Resolves when `wake` is called, or the stream ends. */
  #wait(arrange) {
    return new Promise((resolve) => {
      if (this.isEnded) return resolve();
      this.#onEnded = resolve;
      arrange(resolve);
    });
  }

  #finish(error) {
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    clearTimeout(this.#timer);
    this.#onEnded();
    this.#endError = error ?? new CancelledError(undefined, { message: 'the stream was left' });
    this.#connection?.close(this.#endError);
    this.#options.onEnd(this);
  }
}

module.exports = { ResumingStream };
