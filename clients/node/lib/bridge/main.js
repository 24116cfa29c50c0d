'use strict';

const { RunnerClient } = require('../client');
const { createBridge } = require('./server');
const { parseOptions } = require('./options');

/** Only what went wrong and who did what: requests that are answered are no news. */
const logger = {
  debug() {},
  info: (message) => console.error(message),
  warn: (message, { reason } = {}) => console.error(reason ? `${message} (${reason})` : message),
  error: (message, { reason } = {}) => console.error(reason ? `${message} (${reason})` : message),
};

/** Serves until SIGINT or SIGTERM. */
async function main(args) {
  const { help, socketPath, ...options } = parseOptions(args);
  if (help) return void process.stdout.write(help);
  const client = new RunnerClient({ socketPath });
  const bridge = createBridge({ client, logger, ...options });
  console.error(`runner-bridge: listening on ${await bridge.listen()}`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
  });
  await bridge.close();
  client.close();
}

module.exports = { main };
