'use strict';

const { AuthorizeResult } = require('@backstage/plugin-permission-common');
const { RestError } = require('@runner-agent/client/rest');
const { runnerPermissions } = require('./permissions');

/** Starting needs a person, who is named in the agent's journal; services may look and stop. */
const PRINCIPALS = { read: ['user', 'service'], start: ['user'], stop: ['user', 'service'] };

/** The router's `authorize`: signed in, and allowed by the permission policy. */
function createAuthorize({ auth, httpAuth, permissions }) {
  return async ({ req, permission, cookie }) => {
    const credentials = await httpAuth.credentials(req, { allow: PRINCIPALS[permission], allowLimitedAccess: cookie });
    const [{ result }] = await permissions.authorize([{ permission: runnerPermissions[permission] }], { credentials });
    if (result !== AuthorizeResult.ALLOW) {
      throw new RestError('NotAllowedError', `The permission policy does not allow ${runnerPermissions[permission].name}`);
    }
    if (auth.isPrincipal(credentials, 'user')) return { userEntityRef: credentials.principal.userEntityRef, credentials };
    return { subject: auth.isPrincipal(credentials, 'service') ? credentials.principal.subject : undefined, credentials };
  };
}

module.exports = { createAuthorize };
