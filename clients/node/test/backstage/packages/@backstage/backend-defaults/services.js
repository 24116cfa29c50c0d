'use strict';

/** `Authorization: Bearer ...` of each, and the cookie of a limited user. */
const principals = {
  'user-token': { type: 'user', userEntityRef: 'user:default/guest' },
  'other-user-token': { type: 'user', userEntityRef: 'user:default/ada' },
  'service-token': { type: 'service', subject: 'external:ci' },
};
const COOKIE = 'backstage-auth=limited-user-token';

const named = (name, message) => Object.assign(new Error(message), { name });

function createServices(express, { config = {}, entities = [], denied = [], catalogFailure }, { backend, hooks }) {
  const httpAuth = {
    async credentials(req, { allow = ['unknown'], allowLimitedAccess = false } = {}) {
      const bearer = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
      const cookie = bearer === undefined && allowLimitedAccess && req.headers.cookie === COOKIE;
      const principal = cookie ? principals['user-token'] : bearer === undefined ? { type: 'none' } : principals[bearer];
      if (!principal) throw named('AuthenticationError', 'Illegal token');
      if (!allow.includes('unknown') && !allow.includes(principal.type)) {
        if (principal.type === 'none') throw named('AuthenticationError', 'Missing credentials');
        throw named('NotAllowedError', `This endpoint does not allow '${principal.type}' credentials`);
      }
      return { $$type: '@backstage/BackstageCredentials', principal };
    },
  };
  const policies = [];
  const handlers = express.Router();
  const router = express.Router();
  router.use((req, res, next) => {
    const policy = policies.find(({ pattern }) => pattern.test(req.path));
    if (policy?.allow === 'unauthenticated') return next();
    return httpAuth.credentials(req, { allow: ['user', 'service'], allowLimitedAccess: policy?.allow === 'user-cookie' })
      .then(() => next(), next);
  });
  router.use(handlers);
  const log = (level) => (message, meta) => backend.logs.push({ level, message, meta });
  const at = (key) => key.split('.').reduce((value, name) => value?.[name], config);
  const typed = (type) => (key) => {
    const value = at(key);
    if (value !== undefined && typeof value !== type) throw new Error(`Invalid type in config for key '${key}'`);
    return value;
  };
  const services = {
    'core.auth': { isPrincipal: ({ principal }, type) => principal.type === type },
    'core.httpAuth': httpAuth,
    'core.httpRouter': {
      use: (handler) => handlers.use(handler),
      // A prefix by segment, as path-to-regexp 8 with `end: false`.
      addAuthPolicy: ({ path, allow }) => policies.push({ allow, pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}(?:/|$)`) }),
    },
    'core.lifecycle': { addShutdownHook: (hook) => hooks.push(hook) },
    'core.logger': { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    'core.permissions': {
      authorize: async (requests, { credentials }) => requests.map(({ permission }) => ({
        result: denied.includes(permission.name) || denied.includes(credentials.principal.userEntityRef) ? 'DENY' : 'ALLOW',
      })),
    },
    'core.permissionsRegistry': { addPermissions: (permissions) => backend.registeredPermissions.push(...permissions) },
    'core.rootConfig': { getOptional: at, getOptionalString: typed('string'), getOptionalNumber: typed('number') },
    'catalog-node': {
      async getEntityByRef(ref, { credentials }) {
        backend.catalogRequests.push({ ref, principal: credentials.principal });
        if (catalogFailure) throw catalogFailure;
        return entities.find(({ kind, metadata: { namespace = 'default', name } }) => `${kind}:${namespace}/${name}`.toLowerCase() === ref);
      },
    },
  };
  return { services, router };
}

module.exports = { createServices };
