'use strict';

/**
 * What the agent answered instead of a result. Switch on `code`: a stable string such as `PORT_IN_USE`, or `CANCELLED`,
 * `INVALID_PARAMS`, `METHOD_NOT_FOUND`, `INVALID_REQUEST`, `PARSE_ERROR`, `INTERNAL_ERROR` for the codes of JSON-RPC itself.
 */
class RunnerError extends Error {
  constructor(message, { code, rpcCode, data } = {}) {
    super(message);
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

/** The connection ended before the answer. `sent` tells whether the request may have reached the agent. */
class ConnectionLostError extends RunnerError {
  constructor(message, { sent, cause, code = 'CONNECTION_LOST' }) {
    super(message, { code, data: { retryable: !sent } });
    this.name = 'ConnectionLostError';
    this.sent = sent;
    this.cause = cause;
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

function fromResponse({ code: rpcCode, message, data }) {
  return new RunnerError(message, { code: data?.code ?? standardCodes.get(rpcCode) ?? 'UNKNOWN', rpcCode, data });
}

module.exports = { RunnerError, ConnectionLostError, fromResponse };
