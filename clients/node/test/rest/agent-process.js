'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');

const binary = process.env.RUNNER_AGENT_BINARY;
const required = process.env.RUNNER_AGENT_REQUIRE_ENGINE === '1';
const project = path.resolve(__dirname, '../../../..');

/** Why a test with the real agent on a real engine cannot run here; where it must run, it fails instead. */
const skip = !required && !(binary && process.env.DOCKER_HOST) && 'needs RUNNER_AGENT_BINARY and DOCKER_HOST';

const example = (name) => path.join(project, 'Tests/examples', name);

/**
 * The real agent with a directory of its own. `kill()` ends it like a power cut; `start()` starts it again. After the test it is
 * told to end, and must give status 0.
 */
async function startAgent(t, { config = '' } = {}) {
  assert(binary, 'RUNNER_AGENT_BINARY is not set');
  const directory = fs.mkdtempSync('/tmp/rb-');
  const socketPath = path.join(directory, 'agent.sock');
  fs.writeFileSync(`${directory}/config.yml`, config);
  const agent = { socketPath, directory, log: '', child: null, start, kill, configure };

  function configure(text) {
    fs.writeFileSync(`${directory}/config.yml`, text);
  }

  async function start() {
    const child = spawn(binary, [
      'serve', '--socket', socketPath, '--state-dir', `${directory}/state`, '--cache-dir', `${directory}/cache`,
      '--config', `${directory}/config.yml`, '--bind-address', '127.0.0.1', '--public-host', '127.0.0.1',
    ], { stdio: ['ignore', 'ignore', 'pipe'] });
    agent.child = child;
    const since = agent.log.length;
    await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`the agent ended with status ${code}: ${agent.log}`)));
      child.stderr.on('data', (chunk) => {
        agent.log += chunk;
        if (agent.log.slice(since).includes('listening on')) resolve();
      });
    });
  }

  async function kill(signal = 'SIGKILL') {
    const ended = once(agent.child, 'exit');
    agent.child.kill(signal);
    await ended;
  }

  t.after(async () => {
    if (agent.child.exitCode === null && agent.child.signalCode === null) await kill('SIGTERM');
    fs.rmSync(directory, { recursive: true });
    assert.equal(agent.child.exitCode, 0, agent.log);
  });
  await start();
  return agent;
}

module.exports = { startAgent, skip, example, project };
