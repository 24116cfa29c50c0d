'use strict';

const { createPermission } = require('@backstage/plugin-permission-common');

/** Who may see instances and their logs, start components, stop instances. */
const runnerPermissions = Object.freeze({
  read: createPermission({ name: 'runner.instance.read', attributes: { action: 'read' } }),
  start: createPermission({ name: 'runner.instance.start', attributes: { action: 'create' } }),
  stop: createPermission({ name: 'runner.instance.stop', attributes: { action: 'update' } }),
});

module.exports = { runnerPermissions };
