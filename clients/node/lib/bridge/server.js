'use strict';

const http = require('node:http');
const { createRouter } = require('../rest/router');
const { RestError, errorBody, toRestError } = require('../rest/errors');
const { Access } = require('./access');
const { loadPage } = require('./page-files');

const API = '/api/runner';

/**
 * The router, a list of components and the page on plain node:http. `listen()` resolves to the address; `close()` ends
 * every stream and resolves when nothing is open any more.
 */
function createBridge({ client, host, port, token, allowedHosts, components = [], logger, ...routerOptions }) {
  const sources = new Map(components.map(({ entityRef, source }) => [entityRef, source]));
  const router = createRouter({
    client,
    logger,
    // What is not in the list the agent may know from its own configuration or its catalog.
    describeStart: async ({ entityRef }) => (sources.has(entityRef) ? { source: sources.get(entityRef) } : {}),
    authorize: async () => ({ userEntityRef: 'runner-bridge' }),
    ...routerOptions,
  });
  const page = loadPage();
  let access;

  const server = http.createServer((req, res) => {
    try {
      access.checkHost(req);
      const path = req.url.split('?')[0];
      if (path.startsWith('/api/')) return answerAPI(req, res, path);
      const file = req.method === 'GET' || req.method === 'HEAD' ? page.get(path) : undefined;
      if (!file) throw new RestError('NotFoundError', 'There is nothing here', { code: 'ROUTE_NOT_FOUND' });
      res.writeHead(200, { ...file.headers, 'Content-Length': file.body.length });
      res.end(req.method === 'HEAD' ? undefined : file.body);
    } catch (error) {
      refuse(error, req, res);
    }
  });

  function answerAPI(req, res, path) {
    access.checkOrigin(req);
    access.checkToken(req);
    if (path === '/api/components' && req.method === 'GET') {
      return sendJSON(res, 200, { items: components.map(({ entityRef, location }) => ({ entityRef, location })) });
    }
    if (!path.startsWith(`${API}/`)) throw new RestError('NotFoundError', 'There is nothing here', { code: 'ROUTE_NOT_FOUND' });
    req.url = req.url.slice(API.length);
    return router(req, res);
  }

  return {
    async listen() {
      await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, resolve);
      });
      const address = server.address();
      access = new Access({ host, port: address.port, token, allowedHosts });
      return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
    },
    async close() {
      router.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function refuse(error, req, res) {
  const answer = toRestError(error);
  if (answer.statusCode === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  sendJSON(res, answer.statusCode, errorBody(answer, req));
}

function sendJSON(res, status, value) {
  res.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
  res.end(JSON.stringify(value));
}

module.exports = { createBridge };
