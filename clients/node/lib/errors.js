'use strict';

/**
 * What the agent answered instead of a result, or what the client found wrong itself. Switch on `code`: a stable string such as
 * `PORT_IN_USE`; `CANCELLED`, `INVALID_PARAMS`, `METHOD_NOT_FOUND`, `INVALID_REQUEST`, `PARSE_ERROR`, `INTERNAL_ERROR` for the
 * codes of JSON-RPC itself; `CLIENT_CLOSED`, `REQUEST_TIMEOUT` and those of ConnectionLostError for the client's own.
 */
class RunnerError extends Error {
  constructor(message, { code, rpcCode, data, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'RunnerError';
    this.code = code;
    this.rpcCode = rpcCode;
    this.data = data;
    this.hint = data?.hint;
    this.retryable = data?.retryable ?? false;
    this.retryAfterMs = data?.retryAfterMs;
    this.instanceId = data?.instanceId;
  }
}

/**
 * No answer can come. `AGENT_UNAVAILABLE`: there was no connection; `CONNECTION_LOST`: it ended before the answer;
 * `PROTOCOL_ERROR`: what answers is no agent. `sent` tells whether the request may have reached the agent.
 */
class ConnectionLostError extends RunnerError {
  constructor(message, { sent, cause, code = 'CONNECTION_LOST', hint, retryable = !sent }) {
    super(message, { code, data: { retryable, hint }, cause: cause ?? undefined });
    this.name = 'ConnectionLostError';
    this.sent = sent;
  }
}

/**
 * The caller's signal was aborted: `code` is `CANCELLED`, `cause` the signal's reason, and `name` that of the reason
 * (`AbortError`, or `TimeoutError` of AbortSignal.timeout), so that code which knows nothing of this client sees an abort.
 * After a cancelled start `instanceId` names the instance.
 */
class CancelledError extends RunnerError {
  constructor(reason, { message = 'the call was aborted', rpcCode, data } = {}) {
    super(message, { code: 'CANCELLED', rpcCode, data, cause: reason });
    this.name = reason?.name === 'TimeoutError' ? 'TimeoutError' : 'AbortError';
  }
}

/** The agent did not answer within the call's `timeoutMs`; it was told to cancel the call. */
class RequestTimeoutError extends RunnerError {
  constructor(method, timeoutMs) {
    super(`the agent did not answer ${method} within ${timeoutMs} ms`, {
      code: 'REQUEST_TIMEOUT',
      data: { retryable: true, hint: 'Look at the agent\'s log, or allow more with timeoutMs.' },
    });
    this.name = 'TimeoutError';
  }
}

const standardCodes = new Map([
  [-32700, 'PARSE_ERROR'],
  [-32600, 'INVALID_REQUEST'],
  [-32601, 'METHOD_NOT_FOUND'],
  [-32602, 'INVALID_PARAMS'],
  [-32603, 'INTERNAL_ERROR'],
  [-32800, 'CANCELLED'],
]);

/** The error of an answer, as an error to throw. */
function fromResponse({ code: rpcCode, message, data }) {
  return new RunnerError(message, { code: data?.code ?? standardCodes.get(rpcCode) ?? 'UNKNOWN', rpcCode, data });
}

function clientClosed() {
  return new RunnerError('the client is closed', { code: 'CLIENT_CLOSED' });
}

module.exports = { RunnerError, ConnectionLostError, CancelledError, RequestTimeoutError, fromResponse, clientClosed };
