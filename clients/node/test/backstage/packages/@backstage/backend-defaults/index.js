'use strict';

const http = require('node:http');
const express = require('express');
const { createServices } = require('./services');
const { errorMiddleware } = require('./errors');

/**
 * A backend as far as a plugin sees it, over real express: services, auth barrier, error middleware, shutdown hooks. In tests
 * `given` holds the config, the catalog's entities, and who is denied what.
 */
function createBackend(given = {}) {
  const features = [];
  const app = express();
  const server = http.createServer(app);
  const hooks = [];
  const backend = { logs: [], registeredPermissions: [], catalogRequests: [], add, start, stop, server };

  function add(feature) {
    // A dynamic import of CommonJS nests the default export.
    features.push(Promise.resolve(feature).then((loaded) => {
      const outer = loaded.default ?? loaded;
      return outer.$$type ? outer : outer.default;
    }));
  }

  async function start() {
    for (const { $$type, pluginId, register } of await Promise.all(features)) {
      if ($$type !== '@backstage/BackendFeature') throw new Error('not a BackendFeature');
      const { services, router } = createServices(express, given, { backend, hooks });
      app.use(`/api/${pluginId}`, router, errorMiddleware);
      const inits = [];
      register({ registerInit: (options) => inits.push(options) });
      for (const { deps, init } of inits) {
        await init(Object.fromEntries(Object.entries(deps).map(([name, { id }]) => {
          if (!services[id]) throw new Error(`no service ${id}`);
          return [name, services[id]];
        })));
      }
    }
    app.get('/api/catalog/entities', (req, res) => res.json(filterEntities(given.entities ?? [], req.query.filter)));
    app.use((req, res) => res.status(404).end());
    await new Promise((resolve) => server.listen(given.port ?? 0, '127.0.0.1', resolve));
    backend.url = `http://127.0.0.1:${server.address().port}`;
    if (Object.keys(given).length === 0) console.log(`Listening on ${backend.url}`);
    return backend;
  }

  /** As in a real one: first the hooks, then the server, which waits for what is still open and closes only what is idle. */
  async function stop() {
    await Promise.all(hooks.map((hook) => hook()));
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    await closed;
  }

  return backend;
}

/** `kind=component,metadata.annotations.<key>=<value>`, as the catalog's own API has it. */
function filterEntities(entities, filter = '') {
  const wanted = filter.split(',').filter(Boolean).map((term) => term.split('='));
  return entities.filter(({ kind, metadata: { annotations = {} } }) => wanted.every(([key, value]) => (
    key === 'kind' ? kind.toLowerCase() === value : annotations[key.replace('metadata.annotations.', '')] === value)));
}

module.exports = { createBackend };
