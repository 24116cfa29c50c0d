// Compiled, never run: the permissions in a policy, and the router in a program of one's own.
import { AuthorizeResult, type AuthorizePermissionResponse, type Permission } from '@backstage/plugin-permission-common';
import { RunnerClient } from '@runner-agent/client';
import { canonicalEntityRef, createRouter, type RunnerRouter } from '@runner-agent/client/rest';
import runnerPlugin, { runnerPermissions } from '@runner-agent/plugin-runner-backend';
import type { Handler } from 'express';

export function decide(permission: Permission): AuthorizePermissionResponse {
  const result = permission.name === runnerPermissions.start.name ? AuthorizeResult.DENY : AuthorizeResult.ALLOW;
  return { result };
}

export function router(isAllowed: (user: string | undefined) => boolean): RunnerRouter {
  return createRouter({
    client: new RunnerClient(),
    authorize: async ({ req, permission }) => {
      const user = req.headers['x-user'];
      if (permission === 'start' && !isAllowed(user)) throw Object.assign(new Error('no'), { name: 'NotAllowedError' });
      return { userEntityRef: user };
    },
    describeStart: async ({ entityRef }) => ({ source: { location: `url:https://github.com/o/${canonicalEntityRef(entityRef)}` } }),
  });
}

export const handler: Handler = router(() => true);
export const id: '@backstage/BackendFeature' = runnerPlugin.$$type;

// @ts-expect-error: a client is needed
createRouter({});
