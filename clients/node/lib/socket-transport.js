'use strict';

const net = require('node:net');
const { ConnectionLostError } = require('./errors');

const START_ONE = 'start one with "runner-agent serve"';
const WHERE = 'RUNNER_AGENT_SOCKET and the option socketPath say where it listens.';

/** Why connect(2) failed, and what to do about it. */
const refusals = {
  ENOENT: [`there is no such socket; ${START_ONE}`, WHERE],
  ECONNREFUSED: [`it was left by an agent that has ended; ${START_ONE}`, WHERE],
  EACCES: ['this user may not use it; run as the user of the agent', 'Or start the agent with --socket-group and a group of this user.'],
};

const READ_BYTES = 64 << 10;

/** The bytes of a connection to an agent that listens on a unix socket. */
class SocketTransport {
  #path;
  #socket;
  #onData;
  #isReached = false;

  constructor(path) {
    this.#path = path;
    // One buffer for all reads: one of its own for each would be most of the garbage.
    const callback = (length, buffer) => {
      this.#onData(buffer.subarray(0, length));
      return true;
    };
    this.#socket = net.connect({ path, onread: { buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback } });
    this.#socket.unref(); // An idle connection keeps no process alive.
    this.#socket.on('connect', () => { this.#isReached = true; });
  }

  /** `onData(chunk)` may use the chunk until it returns; `onEnd(error)` comes once, also after destroy(). */
  open(onData, onEnd) {
    let cause = null;
    this.#onData = onData;
    this.#socket.on('error', (error) => { cause = error; });
    this.#socket.on('close', () => onEnd(this.#why(cause)));
  }

  get destroyed() { return this.#socket.destroyed; }
  get unsentBytes() { return this.#socket.writableLength; }
  write(text) { this.#socket.write(text); }
  pause() { this.#socket.pause(); }
  resume() { this.#socket.resume(); }
  ref() { this.#socket.ref(); }
  unref() { this.#socket.unref(); }
  destroy() { this.#socket.destroy(); }

  #why(cause) {
    if (this.#isReached) return new ConnectionLostError('the connection to the agent was lost', { sent: true, cause });
    const [reason, hint] = refusals[cause?.code] ?? [cause?.message ?? 'the connection was closed', WHERE];
    return new ConnectionLostError(`no agent answers on ${this.#path}: ${reason}`, {
      code: 'AGENT_UNAVAILABLE', sent: false, cause, hint,
    });
  }
}

module.exports = { SocketTransport };
