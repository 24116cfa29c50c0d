'use strict';

/** Statuses by error name, as Backstage's own error middleware has them. */
const statusByName = new Map([
  ['InputError', 400],
  ['AuthenticationError', 401],
  ['NotAllowedError', 403],
  ['NotFoundError', 404],
  ['ConflictError', 409],
  ['NotImplementedError', 501],
  ['ServiceUnavailableError', 503],
]);

/**
 * What a caller is answered instead of a result. A framework's error middleware may copy every enumerable property of an
 * error into the answer, so these are exactly what the caller may see; `statusCode` and the cause are not among them.
 */
class RestError extends Error {
  constructor(name, message, { statusCode = statusByName.get(name) ?? 500, code, hint, retryable, retryAfterMs, instanceId } = {}) {
    super(message);
    hide(this, 'name', name);
    hide(this, 'statusCode', statusCode);
    hide(this, 'stack', `${name}: ${message}`);
    for (const [key, value] of Object.entries({ code, hint, retryable, retryAfterMs, instanceId })) {
      if (value !== undefined) this[key] = value;
    }
  }
}

function hide(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: false, configurable: true, writable: true });
}

const inputError = (message, details) => new RestError('InputError', message, { code: 'INVALID_REQUEST', ...details });
const instanceNotFound = () => new RestError('NotFoundError', 'No instance has this id', {
  code: 'INSTANCE_NOT_FOUND', hint: 'GET /instances lists those there are', retryable: false,
});

/** Codes whose cause is the caller's, with the name that gives the status. Their message and hint are passed on. */
const callersFault = new Map([
  ...['NOT_ENABLED', 'SOURCE_UNKNOWN', 'INVALID_LOCATION', 'INVALID_ENTITY_REF', 'UNSUPPORTED_HOST', 'LOG_CURSOR_INVALID',
    'CONFIG_INVALID', 'INVALID_PARAMS'].map((code) => [code, 'InputError']),
  ...['INSTANCE_NOT_FOUND'].map((code) => [code, 'NotFoundError']),
  ...['ALREADY_RUNNING', 'IDEMPOTENCY_CONFLICT', 'SUPERSEDED', 'CANCELLED'].map((code) => [code, 'ConflictError']),
]);

/** Codes of an agent, a connection to it or an engine that cannot serve now: the words are ours, theirs may name paths. */
const unavailable = new Map([
  ['AGENT_UNAVAILABLE', ['The runner agent does not answer', 'start runner-agent beside this backend, or correct the configured socket']],
  ['CONNECTION_LOST', ['The connection to the runner agent was lost', 'ask for the instances before trying again']],
  ['AGENT_TIMEOUT', ['The runner agent did not answer in time', 'look at the log of runner-agent']],
  ['CLIENT_CLOSED', ['The backend is shutting down', 'try again when it is back']],
  ['SHUTTING_DOWN', ['The runner agent is shutting down', 'try again when it is back']],
  ['BUSY', ['The runner agent is busy', 'try again later']],
  ['TOO_MANY_CONNECTIONS', ['The runner agent has too many connections', 'close log views that nobody reads']],
  ['TOO_MANY_SUBSCRIPTIONS', ['The runner agent has too many subscriptions', 'close log views that nobody reads']],
  ['ENGINE_UNAVAILABLE', ['The container engine does not answer', 'start the container engine; runner-agent finds it again by itself']],
  ['ENGINE_UNSUPPORTED', ['The container engine is too old for the runner agent', 'update the container engine']],
  ['STATE_UNWRITABLE', ['The runner agent cannot write its state', 'look at the log of runner-agent']],
  ['DISK_FULL', ['The disk of the runner agent is full', 'make room on the host of runner-agent']],
  ['PERMISSION_DENIED', ['The runner agent refuses this backend', 'run both as one user, or give the agent --socket-group']],
  ['UNSUPPORTED_PROTOCOL', ['The runner agent speaks another protocol version', 'install client and agent of one release']],
]);

/** The answer for any error: a RestError as it is, an error of the agent in our words, of a framework by its name, or a 500. */
function toRestError(error) {
  if (error instanceof RestError) return error;
  const code = typeof error?.code === 'string' ? error.code : undefined;
  if (error?.name === 'TimeoutError') return unavailableError('AGENT_TIMEOUT');
  if (isRunnerError(error) && callersFault.has(code)) {
    return new RestError(callersFault.get(code), scrub(error.message), {
      code, hint: scrub(error.hint), retryable: error.retryable, instanceId: error.instanceId,
    });
  }
  if (isRunnerError(error) && unavailable.has(code)) return unavailableError(code, error.retryAfterMs);
  if (statusByName.has(error?.name)) return new RestError(error.name, scrub(String(error.message)));
  return new RestError('InternalError', 'An internal error occurred', { code: 'INTERNAL_ERROR' });
}

function unavailableError(code, retryAfterMs) {
  const [message, hint] = unavailable.get(code);
  return new RestError('ServiceUnavailableError', message, { code, hint, retryable: true, retryAfterMs });
}

/** By name: a program may hold the client twice, as CommonJS of two copies. */
function isRunnerError(error) {
  return error?.name === 'RunnerError' || error?.name === 'ConnectionLostError';
}

/** Takes the machine's paths, and credentials in URLs, out of a text that was not written for the caller's eyes. */
function scrub(text) {
  return text
    ?.replace(/:\/\/[^\s/@'"]+@/g, '://')
    .replace(/\bgh[a-z]_\w+|\bgithub_pat_\w+/g, '(token)')
    .replace(/(^|[\s'"`(=])\/(?:[\w.@+-]+\/)+[\w.@+-]*/g, '$1(path)');
}

/** Backstage's error body. */
function errorBody(error, { method, url }) {
  return {
    error: { name: error.name, message: error.message, ...error },
    request: { method, url },
    response: { statusCode: error.statusCode },
  };
}

module.exports = { RestError, errorBody, inputError, instanceNotFound, toRestError, unavailableError };
