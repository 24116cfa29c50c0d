'use strict';

const { coreServices, createBackendPlugin } = require('@backstage/backend-plugin-api');
const { catalogServiceRef } = require('@backstage/plugin-catalog-node');
const { RunnerClient } = require('@runner-agent/client');
const { createRouter } = require('@runner-agent/client/rest');
const { createAuthorize } = require('./authorization');
const { ComponentSource } = require('./component-source');
const { runnerPermissions } = require('./permissions');

const DEFAULT_TIMEOUT_SECONDS = 15;
/** Nobody looks at a token again while its stream goes on; Backstage's own last an hour. */
const DEFAULT_STREAM_SECONDS = 3_600;
const FIRST_PING_MS = 3_000;

/**
 * The plugin `runner`: the router below /api/runner with Backstage's catalog, sign-in, permissions and integrations. Nothing
 * here waits for the agent: the backend boots without it, answers 503, and finds it with the first call after it is there.
 */
const runnerPlugin = createBackendPlugin({
  pluginId: 'runner',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
      },
      async init({ auth, catalog, config, httpAuth, httpRouter, lifecycle, logger, permissions, permissionsRegistry }) {
        const client = new RunnerClient({ socketPath: config.getOptionalString('runner.agent.socket') });
        const source = new ComponentSource({ catalog, config, logger });
        const router = createRouter({
          client,
          logger,
          answerErrors: false,
          healthDetails: false, // Anybody may ask for the health.
          authorize: createAuthorize({ auth, httpAuth, permissions }),
          describeStart: ({ entityRef, principal }) => source.describe(entityRef, principal.credentials),
          callTimeoutMs: 1_000 * (config.getOptionalNumber('runner.agent.timeoutSeconds') ?? DEFAULT_TIMEOUT_SECONDS),
          streamLimitMs: 1_000 * (config.getOptionalNumber('runner.streams.maxSeconds') ?? DEFAULT_STREAM_SECONDS),
        });
        permissionsRegistry.addPermissions(Object.values(runnerPermissions));
        httpRouter.use(router);
        httpRouter.addAuthPolicy({ path: '/health', allow: 'unauthenticated' });
        // What a browser opens by itself, an EventSource or a download, cannot send a token.
        httpRouter.addAuthPolicy({ path: '/events', allow: 'user-cookie' });
        httpRouter.addAuthPolicy({ path: '/instances/:id/logs', allow: 'user-cookie' });
        // A stream that goes on would hold back the backend's shutdown for ever.
        lifecycle.addShutdownHook(() => {
          router.close();
          client.close();
        });
        client.ping({ timeoutMs: FIRST_PING_MS }).then(
          () => logger.info('the runner agent answers'),
          (error) => logger.warn(`the runner agent does not answer yet: ${error?.message}`));
      },
    });
  },
});

module.exports = { runnerPlugin };
