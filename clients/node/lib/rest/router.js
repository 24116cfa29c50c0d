'use strict';

const { RestError, errorBody, toRestError, unavailableError } = require('./errors');
const { OpenStreams } = require('./open-streams');
const instances = require('./instances');
const { logs } = require('./logs');
const { events } = require('./events');
const { health } = require('./health');

/** `permission` is what options.authorize() is asked for; null asks nobody. `cookie`: a browser may open it by itself. */
const routes = [
  { method: 'POST', path: /^\/start\/?$/, permission: 'start', handle: instances.start },
  { method: 'POST', path: /^\/stop\/?$/, permission: 'stop', handle: instances.stop },
  { method: 'GET', path: /^\/instances\/?$/, permission: 'read', handle: instances.list },
  { method: 'GET', path: /^\/instances\/(?<id>[^/]+)\/?$/, permission: 'read', handle: instances.get },
  { method: 'GET', path: /^\/instances\/(?<id>[^/]+)\/logs\/?$/, permission: 'read', cookie: true, handle: logs },
  { method: 'GET', path: /^\/events\/?$/, permission: 'read', cookie: true, endless: true, handle: events },
  { method: 'GET', path: /^\/health\/?$/, permission: null, handle: health },
];

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The runner's REST endpoints as a function `(req, res, next?)`: for express, for Backstage's httpRouter, and for node:http.
 *
 * - `client`: a RunnerClient; it connects with the first request, and an agent that is down is a 503 until it is back.
 * - `authorize({req, permission, cookie})` resolves to the principal `{userEntityRef?, subject?}` or throws; by default everybody may.
 * - `describeStart({entityRef, req, principal})` resolves to params of `runner.start`: entity or source, and credentials.
 * - `answerErrors: false` hands errors to `next`, cleaned; otherwise they are answered here, in the same form.
 * - `heartbeatMs`, `callTimeoutMs`; `streamLimitMs` cuts a stream after that long, so that its reader shows credentials again.
 *
 * `router.close()` cuts every stream.
 */
function createRouter({
  client, authorize = async () => ({}), describeStart = async () => ({}), logger = silent, answerErrors = true,
  heartbeatMs = 15_000, callTimeoutMs = 15_000, streamLimitMs = 0, healthDetails = true,
}) {
  if (!client) throw new TypeError('createRouter needs a client');
  const open = new OpenStreams(streamLimitMs);
  const options = { authorize, describeStart, logger, heartbeatMs, callTimeoutMs, healthDetails, open };

  function router(req, res, next) {
    respond(req, res, next).catch((error) => fail(error, req, res, next));
  }

  async function respond(req, res, next) {
    const [path, search = ''] = splitOnce(req.url, '?');
    const found = routes.filter((route) => route.path.test(path));
    const route = found.find(({ method, endless }) =>
      method === req.method || (req.method === 'HEAD' && method === 'GET' && !endless));
    if (!route) {
      if (next) return next();
      if (found.length === 0) throw new RestError('NotFoundError', 'There is nothing here', { code: 'ROUTE_NOT_FOUND' });
      res.setHeader('Allow', found.map((candidate) => candidate.method).join(', '));
      throw new RestError('MethodNotAllowedError', `${req.method} is not possible here`, {
        statusCode: 405, code: 'METHOD_NOT_ALLOWED',
      });
    }
    const { permission, cookie = false } = route;
    const principal = permission === null ? {} : await authorize({ req, permission, cookie }) ?? {};
    const call = (use, timeoutMs = callTimeoutMs) => use(client, AbortSignal.timeout(timeoutMs));
    await route.handle({
      req, res, client, options, principal, call,
      params: route.path.exec(path).groups ?? {},
      query: new URLSearchParams(search),
      json: (status, value, headers) => sendJSON(res, status, value, headers),
      opened: (stream, abort) => opened(stream, abort, res),
    });
  }

  /** The agent's acknowledgement of a stream, in the time that a call has. Until then the status is not sent. */
  async function opened(stream, abort, res) {
    const gone = () => abort.abort();
    res.once('close', gone);
    let late = false;
    const timer = setTimeout(() => { late = true; abort.abort(); }, callTimeoutMs);
    try {
      return await stream.ready;
    } catch (error) {
      throw late ? unavailableError('AGENT_TIMEOUT') : error;
    } finally {
      clearTimeout(timer);
      res.off('close', gone);
    }
  }

  function fail(error, req, res, next) {
    if (res.headersSent) {
      logger.error('an answer was cut off', describe(error));
      return res.destroy();
    }
    if (res.destroyed) return undefined; // Nobody is there to be told.
    const answer = toRestError(error);
    if (answer.statusCode >= 500) logger.warn(`${req.method} ${splitOnce(req.url, '?')[0]}: ${answer.message}`, describe(error));
    if (answer.retryAfterMs !== undefined) res.setHeader('Retry-After', Math.ceil(answer.retryAfterMs / 1000));
    if (!answerErrors && next) return next(answer);
    if (answer.statusCode === 413) res.setHeader('Connection', 'close'); // The rest of the body is not read.
    return sendJSON(res, answer.statusCode, errorBody(answer, req));
  }

  router.close = () => open.cutAll();
  return router;
}

/** For the log of the backend alone: the words of the cause, which no caller sees. */
function describe(error) {
  return { code: error?.code, reason: String(error?.message ?? error) };
}

function sendJSON(res, status, value, headers = {}) {
  const body = Buffer.from(JSON.stringify(value));
  res.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.length, 'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff', ...headers,
  });
  res.end(body);
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

module.exports = { createRouter };
