#!/usr/bin/env node
'use strict';

// Measures the Node client: its pings beside the same bytes written to and read from a bare socket, and a million lines of log.
//
//   node-client.js AGENT     AGENT is the release binary; the log needs an engine (DOCKER_HOST)
//
// Prints one line for each measurement and each goal; status 1 when a goal is missed. Compare inside one run only, because
// machines and their load differ: rounds of both are interleaved. A ratio is that of the quietest round of each, because a busy
// machine adds to some rounds what is no cost of either.

const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { RunnerClient } = require('../../clients/node');

const ROUNDS = 15;
const ROUND_MS = 200;
const LINES = 1_000_000;

let isMissed = false;
function goal(text, holds) {
  console.log(`${holds ? 'OK     ' : 'MISSED '} ${text}`);
  isMissed ||= !holds;
}

const ascending = (values) => Float64Array.from(values).sort();
const at = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)];
const median = (values) => at(ascending(values), 0.5);
const summary = (samples, ms) => {
  const sorted = ascending(samples);
  return { rate: samples.length / ms * 1000, p50: at(sorted, 0.5) * 1000, p99: at(sorted, 0.99) * 1000 };
};

async function startAgent(binary, scratch) {
  const socketPath = `${scratch}/run/agent.sock`;
  fs.writeFileSync(`${scratch}/config.yml`, 'limits: {logBytes: 1g}\n');
  const child = spawn(binary, [
    'serve', '--socket', socketPath, '--state-dir', `${scratch}/state`, '--cache-dir', `${scratch}/cache`, '--config', `${scratch}/config.yml`,
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise((resolve, reject) => {
    child.on('exit', (status) => reject(new Error(`the agent ended with status ${status}`)));
    child.stderr.setEncoding('utf8').on('data', (text) => text.includes('listening on') && resolve());
  });
  return { child, socketPath };
}

/** `depth` requests are always under way; a burst of answers is followed by one write. */
async function bareRound(socketPath, depth) {
  const socket = net.connect(socketPath);
  await once(socket, 'connect');
  const samples = [];
  const sentAt = [];
  let id = 0;
  let answered = 0;
  const send = (count) => {
    let text = '';
    const now = performance.now();
    for (let i = 0; i < count; i++) {
      sentAt[id % depth] = now;
      text += `{"jsonrpc":"2.0","id":${++id},"method":"agent.ping"}\n`;
    }
    socket.write(text);
  };
  const began = performance.now();
  await new Promise((resolve) => {
    socket.on('data', (chunk) => {
      const now = performance.now();
      let count = 0;
      for (let end = -1; (end = chunk.indexOf(10, end + 1)) !== -1; count++) samples.push(now - sentAt[answered++ % depth]);
      if (now - began > ROUND_MS) resolve();
      else send(count);
    });
    send(depth);
  });
  socket.destroy();
  return summary(samples, performance.now() - began);
}

async function clientRound(socketPath, depth) {
  const client = new RunnerClient({ socketPath });
  await client.ping();
  const samples = [];
  const began = performance.now();
  await Promise.all(Array.from({ length: depth }, async () => {
    for (let now = performance.now(); now - began < ROUND_MS;) {
      await client.ping();
      const then = performance.now();
      samples.push(then - now);
      now = then;
    }
  }));
  const ms = performance.now() - began;
  await client.close();
  return summary(samples, ms);
}

async function pings(socketPath) {
  for (const [shape, depth] of [['sequential', 1], ['64 deep', 64]]) {
    const rounds = { bare: [], client: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      const results = { bare: await bareRound(socketPath, depth), client: await clientRound(socketPath, depth) };
      if (round > 0) for (const who in rounds) rounds[who].push(results[who]); // The first one is to warm up.
    }
    const quietest = {};
    for (const [who, list] of Object.entries(rounds)) {
      const [rate, p50, p99] = ['rate', 'p50', 'p99'].map((key) => median(list.map((round) => round[key])));
      quietest[who] = Math.min(...list.map((round) => round.p50));
      console.log(`ping, ${shape}, ${who.padEnd(6)} ${rate.toFixed(0).padStart(8)}/s   p50 ${p50.toFixed(1).padStart(6)} us, at best ` +
        `${quietest[who].toFixed(1).padStart(6)}   p99 ${p99.toFixed(1).padStart(6)} us`);
    }
    const ratio = quietest.client / quietest.bare;
    goal(`ping, ${shape}: p50 is ${ratio.toFixed(2)} times that of a bare socket, within 2`, ratio <= 2);
  }
}

/** An instance whose log holds LINES lines, all written. */
async function writeLog(client, scratch) {
  const directory = `${scratch}/lines`;
  fs.mkdirSync(`${directory}/.runner`, { recursive: true });
  fs.writeFileSync(`${directory}/.runner/config.yml`, 'runner: {type: docker, ports: ["auto:3000"]}\n');
  fs.writeFileSync(`${directory}/Dockerfile`, 'FROM runner-agent-demo-base:1\nCOPY run /run.sh\nCMD ["sh", "/run.sh"]\n');
  // Runs long enough to be a start that succeeded.
  fs.writeFileSync(`${directory}/run`,
    `sleep 1; awk 'BEGIN { for (i = 1; i <= ${LINES}; i++) print "request " i " was served in a few milliseconds with status 200" }'\n`);
  const watch = client.watch();
  await watch.ready;
  const { id } = await client.start({ source: { path: directory }, wait: 'running' });
  for await (const instance of watch) if (instance.id === id && /stopped|error/.test(instance.status)) break;
  return id;
}

const megabytes = () => process.memoryUsage().rss / 1e6;

async function readLog(client, instanceId, how) {
  const stream = client.followLogs({ instanceId, phases: ['run'], streams: ['stdout'] });
  let count = 0;
  let early = 0;
  let most = 0;
  let begun = '';
  const check = ({ text, partial }) => {
    if (partial) {
      begun += text; // The next record goes on with this line.
      return;
    }
    count++;
    const line = begun + text;
    begun = '';
    if (count % 50_000 === 0) {
      // Looked at in samples, because it is the client that is measured.
      if (!line.startsWith(`request ${count} was`)) throw new Error(`line ${count} is ${line}`);
      const now = megabytes();
      if (count <= LINES / 10) early = now;
      else most = Math.max(most, now);
    }
  };
  const began = performance.now();
  if (how === 'record by record') for await (const record of stream) check(record);
  else for await (const records of stream.batches()) records.forEach(check);
  const rate = count / (performance.now() - began) * 1000;
  console.log(`log, ${how}: ${rate.toFixed(0)} lines/s; RSS ${early.toFixed(1)} MB after ${LINES / 10} lines, at most ${most.toFixed(1)} MB later`);
  if (count !== LINES) throw new Error(`${count} lines instead of ${LINES}`);
  goal(`log, ${how}: ${(rate / 1000).toFixed(0)} 000 lines/s, at least 100 000`, rate >= 100_000);
  goal(`log, ${how}: memory grows by ${(most - early).toFixed(1)} MB over ${LINES} lines, under 32`, most - early < 32);
}

async function main() {
  if (process.argv.length !== 3) throw new Error('usage: node-client.js AGENT');
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'runner-agent-bench-'));
  const { child, socketPath } = await startAgent(process.argv[2], scratch);
  const client = new RunnerClient({ socketPath });
  try {
    console.log(`bench: Node ${process.version}, load ${os.loadavg().map((load) => load.toFixed(1)).join(' ')}`);
    await pings(socketPath);
    if (process.env.DOCKER_HOST) {
      const id = await writeLog(client, scratch);
      for (const how of ['record by record', 'batch by batch']) await readLog(client, id, how);
    } else {
      console.log('log: left out without DOCKER_HOST');
    }
  } finally {
    await client.close();
    child.removeAllListeners('exit').kill();
    await once(child, 'exit');
    fs.rmSync(scratch, { recursive: true });
  }
  process.exitCode = isMissed ? 1 : 0;
}

main();
