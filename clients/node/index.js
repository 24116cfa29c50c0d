'use strict';

const { RunnerClient } = require('./lib/client');
const { RunnerError, ConnectionLostError, CancelledError, RequestTimeoutError } = require('./lib/errors');
const { defaultSocketPath } = require('./lib/socket-path');

module.exports = { RunnerClient, RunnerError, ConnectionLostError, CancelledError, RequestTimeoutError, defaultSocketPath };
