'use strict';

const { spawn } = require('node:child_process');
const { tell } = require('./tell');
const { ConnectionLostError } = require('./errors');

/** What is kept of the child's log, to say why it ended. */
const LOG_TAIL = 4096;
/** How long the child may take to end by itself once its stdin has ended; then it gets SIGTERM, and after as long SIGKILL. */
const END_MS = 5000;

/**
 * The bytes of a connection to `runner-agent stdio`, started as a child. That process is the agent, or passes everything on to the
 * one that runs already. Its log goes to `onLog(text)`.
 */
class ChildTransport {
  #child;
  #command;
  #isReached = false;
  #destroyed = false;
  #log = '';

  constructor({ command = 'runner-agent', args = [], env, cwd, onLog }) {
    this.#command = command;
    this.#child = spawn(command, ['stdio', ...args], { stdio: 'pipe', env, cwd });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#log = (this.#log + text).slice(-LOG_TAIL);
      tell(onLog, text);
    });
    this.#child.unref();
    this.#child.stderr.unref();
    this.unref();
  }

  /** `onEnd(error)` comes once, when the child is gone, also after destroy(). */
  open(onData, onEnd) {
    let cause = null;
    this.#child.on('error', (error) => { cause = error; });
    this.#child.stdin.on('error', () => {}); // The child's end says why.
    this.#child.stdout.on('data', (chunk) => {
      this.#isReached = true;
      onData(chunk);
    });
    this.#child.stdout.on('end', () => this.destroy());
    this.#child.on('close', (status, signal) => {
      this.#destroyed = true;
      onEnd(this.#why(cause, status, signal));
    });
  }

  get destroyed() { return this.#destroyed; }
  get unsentBytes() { return this.#child.stdin.writableLength; }
  write(text) { this.#child.stdin.write(text); }
  pause() { this.#child.stdout.pause(); }
  resume() { this.#child.stdout.resume(); }

  ref() {
    this.#child.stdin.ref();
    this.#child.stdout.ref();
  }

  unref() {
    this.#child.stdin.unref();
    this.#child.stdout.unref();
  }

  destroy() {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#child.ref(); // The process may end when the child has.
    this.#child.stdin.end();
    this.#child.stdout.destroy();
    const timers = ['SIGTERM', 'SIGKILL'].map((signal, index) =>
      setTimeout(() => this.#child.kill(signal), END_MS * (index + 1)).unref());
    this.#child.once('exit', () => timers.forEach(clearTimeout));
  }

  #why(cause, status, signal) {
    const last = this.#log.trimEnd().split('\n').at(-1);
    const end = signal ? `it ended with ${signal}` : `it ended with status ${status}`;
    const said = last ? `; its last line: ${last}` : '';
    if (this.#isReached) {
      return new ConnectionLostError(`the connection to the agent was lost: ${end}${said}`, { sent: true, cause });
    }
    const reason = cause ? cause.message : `${end}${said}`;
    const hint = cause?.code === 'ENOENT' ? 'Install runner-agent, or say where it is with the option spawn.command.' : undefined;
    // It ends with 1 or 2 before it has read anything, when it can neither be the agent nor reach one.
    const sent = !cause && status !== 1 && status !== 2;
    return new ConnectionLostError(`"${this.#command} stdio" does not run: ${reason}`, {
      code: 'AGENT_UNAVAILABLE', sent, cause, hint, retryable: !sent && !cause,
    });
  }
}

module.exports = { ChildTransport };
