'use strict';

Object.defineProperty(exports, '__esModule', { value: true });

exports.default = require('./lib/plugin').runnerPlugin;
exports.runnerPlugin = exports.default;
exports.runnerPermissions = require('./lib/permissions').runnerPermissions;
