#!/usr/bin/env node
'use strict';

const { main } = require('../lib/bridge/main');

main(process.argv.slice(2)).catch((error) => {
  console.error(`runner-bridge: ${error.message}`);
  process.exitCode = 1;
});
