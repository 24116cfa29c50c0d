'use strict';

const names = ['auth', 'httpAuth', 'httpRouter', 'lifecycle', 'logger', 'permissions', 'permissionsRegistry', 'rootConfig'];

exports.coreServices = Object.fromEntries(names.map((name) => [name, { id: `core.${name}` }]));
exports.createBackendPlugin = ({ pluginId, register }) => ({ $$type: '@backstage/BackendFeature', pluginId, register });
