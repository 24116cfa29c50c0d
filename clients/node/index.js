'use strict';

exports.RunnerClient = require('./lib/client').RunnerClient;
exports.RunnerError = require('./lib/errors').RunnerError;
exports.ConnectionLostError = require('./lib/errors').ConnectionLostError;
exports.defaultSocketPath = require('./lib/socket-path').defaultSocketPath;
