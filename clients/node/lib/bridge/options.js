'use strict';

const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { parseArgs } = require('node:util');
const { canonicalEntityRef } = require('../rest/entity-ref');

const USAGE = `Usage: runner-bridge [OPTION]...

Serves runner-agent over HTTP: the REST endpoints below /api/runner, and a page to try them at /.

  --component REF=LOCATION   a component to offer, as in hello=./hello or web=https://github.com/o/r/tree/main/
                             (a directory of this machine, or a GitHub address); may be repeated. The agent's own
                             configuration and its catalog can be started by their entity ref as well
  --listen HOST:PORT         default 127.0.0.1:7788; anything but a loopback address needs a token
  --token-file FILE          its first line is what callers must send as "Authorization: Bearer ..."
                             (also the environment variable RUNNER_BRIDGE_TOKEN)
  --allow-host NAME          another name that callers may use for this bridge, as in portal.example.com:8443; may be repeated
  --socket PATH              the agent's socket; default: where the agent of this user listens
  --help
`;
const MIN_TOKEN_LENGTH = 16;

/** The command line and environment as a value; throws an Error whose message is for the person who typed it. */
function parseOptions(args, env = process.env) {
  const { values } = parseArgs({
    args,
    options: {
      component: { type: 'string', multiple: true, default: [] },
      listen: { type: 'string', default: '127.0.0.1:7788' },
      'token-file': { type: 'string' },
      'allow-host': { type: 'string', multiple: true, default: [] },
      socket: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { help: USAGE };
  const { host, port } = parseListen(values.listen);
  const token = values['token-file'] ? fs.readFileSync(values['token-file'], 'utf8').split('\n')[0].trim() : env.RUNNER_BRIDGE_TOKEN;
  if (token !== undefined && token.length < MIN_TOKEN_LENGTH) throw new Error(`the token is shorter than ${MIN_TOKEN_LENGTH} characters`);
  if (token === undefined && !isLoopback(host)) {
    throw new Error(`${host} can be reached from other machines: give a token with --token-file or RUNNER_BRIDGE_TOKEN`);
  }
  return {
    host, port, token,
    allowedHosts: values['allow-host'].map((name) => name.toLowerCase()),
    components: values.component.map(parseComponent),
    socketPath: values.socket,
  };
}

function parseListen(text) {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text);
  if (!match || Number(match[3]) > 65_535) throw new Error(`--listen ${text}: write HOST:PORT, as in 127.0.0.1:7788 or [::1]:7788`);
  return { host: match[1] ?? match[2], port: Number(match[3]) };
}

/** `localhost` is not among them: what it resolves to is not ours to say. */
function isLoopback(host) {
  if (net.isIPv4(host)) return host.startsWith('127.');
  return net.isIPv6(host) && /^(0*:)*:?0*1$/.test(host);
}

function parseComponent(text) {
  const at = text.indexOf('=');
  const location = text.slice(at + 1).replace(/^url:/, '');
  if (at < 1 || !location) throw new Error(`--component ${text}: write REF=LOCATION, as in hello=./hello`);
  const name = text.slice(0, at);
  const entityRef = canonicalEntityRef(name.includes(':') ? name : `component:${name}`);
  if (/^https?:\/\//i.test(location)) return { entityRef, location, source: { location: `url:${location}` } };
  const directory = path.resolve(location);
  if (!fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`--component ${text}: ${directory} is neither a directory nor an https address`);
  }
  return { entityRef, location: directory, source: { path: directory } };
}

module.exports = { isLoopback, parseOptions };
