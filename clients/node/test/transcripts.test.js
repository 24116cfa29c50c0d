'use strict';

// The golden sessions of Protocol/transcripts, played by the client's own connection against the real agent without an engine.
// RUNNER_AGENT_BINARY names it. Sessions with lines that this client does not send (broken ones, batches, bare notifications) are
// left to the agent's own tests.

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { RunnerError } = require('..');
const { Connection } = require('../lib/connection');

const binary = process.env.RUNNER_AGENT_BINARY;
const skip = !binary && 'needs RUNNER_AGENT_BINARY';
const directory = path.resolve(__dirname, '../../../Protocol/transcripts');
const hello = path.resolve(__dirname, '../../../Tests/examples/hello');

function parse(name) {
  const [marker, ...lines] = fs.readFileSync(path.join(directory, name), 'utf8').trimEnd().split('\n');
  const steps = lines.filter((line) => !line.startsWith('#')).map((line) => {
    const mark = line.split(' ', 1)[0];
    return { mark, text: line.slice(mark.length + 1) };
  });
  return { name, needsEngine: marker === '# needs: engine', steps };
}

const isClientCall = (text) => {
  try {
    const { id, method, jsonrpc } = JSON.parse(text);
    return jsonrpc === '2.0' && typeof method === 'string' && id !== undefined;
  } catch {
    return false;
  }
};

/** The bindings after a match, or null; the rules are those of Protocol/README.md. */
function match(pattern, actual, bindings) {
  const found = { ...bindings };
  const kinds = {
    any: () => true,
    int: (value) => Number.isInteger(value),
    text: (value) => typeof value === 'string',
    time: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
  };
  const matches = (wanted, value) => {
    if (typeof wanted === 'string' && wanted.startsWith('$')) {
      const name = wanted.slice(1);
      if (kinds[name]) return kinds[name](value);
      if (name in found) return JSON.stringify(found[name]) === JSON.stringify(value);
      found[name] = value;
      return true;
    }
    if (wanted === null || typeof wanted !== 'object') return wanted === value;
    if (value === null || typeof value !== 'object' || Array.isArray(wanted) !== Array.isArray(value)) return false;
    const isOpen = Array.isArray(wanted) ? wanted.at(-1) === '...' : '...' in wanted;
    const keys = Object.keys(wanted).filter((key) => !(isOpen && (key === '...' || wanted[key] === '...')));
    if (!isOpen && Object.keys(value).length !== keys.length) return false;
    return keys.every((key) => key in value && matches(wanted[key], value[key]));
  };
  return matches(pattern, actual) ? found : null;
}

/** A connection whose answers and notifications are put back into the messages they came in, in the order they came. */
class Recorder {
  messages = [];
  #arrived = () => {};

  constructor(socketPath) {
    const onNotification = (method, params) => this.#add({ jsonrpc: '2.0', method, params });
    this.connection = new Connection(socketPath, { onNotification });
  }

  send({ id, method, params }) {
    const onAnswer = (result) => this.#add({ jsonrpc: '2.0', id, result });
    this.connection.request(method, params, { onAnswer }).catch((error) => {
      const { rpcCode: code, message, data } = error;
      this.#add(error instanceof RunnerError && code ? { jsonrpc: '2.0', id, error: { code, message, data } } : { id, failed: String(error) });
    });
  }

  async next() {
    while (!this.messages.length) await new Promise((resolve) => { this.#arrived = resolve; });
    return this.messages.shift();
  }

  #add(message) {
    this.messages.push(message);
    this.#arrived();
  }
}

/** A GitHub that takes connections and never answers. */
async function silentServer(t) {
  const sockets = new Set();
  const server = net.createServer((socket) => sockets.add(socket.on('error', () => {})));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${server.address().port}`;
}

async function startAgent(t, host) {
  const scratch = fs.mkdtempSync('/tmp/ra-');
  const socketPath = `${scratch}/agent.sock`;
  fs.writeFileSync(`${scratch}/config.yml`,
    `github:\n  - {host: "${host}", apiBaseUrl: "http://${host}", allowHttp: true}\n`);
  const child = spawn(binary, [
    'serve', '--socket', socketPath, '--state-dir', `${scratch}/state`, '--cache-dir', `${scratch}/cache`,
    '--config', `${scratch}/config.yml`,
  ], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, DOCKER_HOST: 'unix:///nonexistent/docker.sock' } });
  t.after(async () => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    fs.rmSync(scratch, { recursive: true });
  });
  let log = '';
  await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the agent ended with status ${code}: ${log}`)));
    child.stderr.on('data', (chunk) => {
      log += chunk;
      if (log.includes('listening on')) resolve();
    });
  });
  return socketPath;
}

async function play({ steps }, recorder, given) {
  let bindings = given;
  let optional = [];
  for (let at = 0; at < steps.length;) {
    const { mark, text } = steps[at];
    if (mark === '>') {
      recorder.send(JSON.parse(text.replace(/"\$(\w+)"/g, (all, name) => (name in bindings ? JSON.stringify(bindings[name]) : all))));
      at++;
    } else if (mark === '<*') {
      optional.push(JSON.parse(text));
      at++;
    } else {
      const missing = [];
      do missing.push(JSON.parse(steps[at++].text)); while (mark === '<+' && steps[at]?.mark === '<+');
      while (missing.length) {
        const message = await recorder.next();
        const index = missing.findIndex((pattern) => match(pattern, message, bindings));
        if (index >= 0) {
          bindings = match(missing[index], message, bindings);
          missing.splice(index, 1);
        } else if (!optional.some((pattern) => match(pattern, message, bindings))) {
          assert.fail(`the agent sent ${JSON.stringify(message)} instead of ${JSON.stringify(missing)}`);
        }
      }
      optional = [];
    }
  }
  assert.deepEqual(recorder.messages, []);
}

const transcripts = fs.readdirSync(directory).filter((name) => name.endsWith('.ndjson')).sort().map(parse)
  .filter(({ needsEngine, steps }) => !needsEngine && steps.every(({ mark, text }) => mark !== '>' || isClientCall(text)));

test('there are sessions that this client can play', () => assert(transcripts.length >= 5));

for (const transcript of transcripts) {
  test(`${transcript.name} goes as written`, { skip, timeout: 60_000 }, async (t) => {
    const host = await silentServer(t);
    const recorder = new Recorder(await startAgent(t, host));
    t.after(() => recorder.connection.close());
    await play(transcript, recorder, { hello, stalled: `url:http://${host}/octo/web/tree/main/` });
  });
}
