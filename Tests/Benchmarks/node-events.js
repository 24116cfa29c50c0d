'use strict';

// A million lines of log as server-sent events, through the bridge in a process of its own, so that its memory is its own too.

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');

const bridge = path.resolve(__dirname, '../../clients/node/bin/runner-bridge.js');
const MARK = Buffer.from('\nevent: log\n');

const megabytes = (pid) => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024 / 1e6;

/** Reads the whole log of an instance; `goal(text, holds)` is told how it went. */
async function measureEvents({ socketPath, instanceId, lines, goal }) {
  const child = spawn(process.execPath, [bridge, '--listen', '127.0.0.1:0', '--socket', socketPath], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const [said] = await once(child.stderr, 'data');
    const url = `${/http:\S+/.exec(said)}/api/runner/instances/${instanceId}/logs?phases=run&streams=stdout`;
    const began = performance.now();
    const [response] = await once(http.get(url, { headers: { accept: 'text/event-stream' } }), 'response');
    if (response.statusCode !== 200) throw new Error(`the bridge answered ${response.statusCode}`);
    let count = 0;
    let early = 0;
    let most = 0;
    let rest = Buffer.alloc(0);
    for await (const chunk of response) {
      const text = Buffer.concat([rest, chunk]);
      let end = 0;
      for (let at; (at = text.indexOf(MARK, end)) !== -1; end = at + MARK.length) count++;
      rest = text.subarray(Math.max(end, text.length - MARK.length + 1));
      const now = megabytes(child.pid);
      if (count <= lines * 0.3) early = Math.max(early, now); // Until the heap has its size.
      else most = Math.max(most, now);
    }
    const rate = count / (performance.now() - began) * 1000;
    console.log(`log, events:  ${rate.toFixed(0)} lines/s; RSS of the bridge ${early.toFixed(1)} MB in the first three tenths, at most ${most.toFixed(1)} MB later`);
    goal(`log, events: all ${lines} lines came`, count >= lines); // A line may come in two records.
    goal(`log, events: memory grows by ${(most - early).toFixed(1)} MB over ${lines} lines, under 32`, most - early < 32);
  } finally {
    child.kill();
  }
}

module.exports = { measureEvents };
