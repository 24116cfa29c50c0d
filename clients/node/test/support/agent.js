'use strict';

// The real agent; RUNNER_AGENT_BINARY names it, DOCKER_HOST the engine (`make test` sets both).

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { spawn } = require('node:child_process');
const { once } = require('node:events');

const binary = process.env.RUNNER_AGENT_BINARY;
const isRequired = process.env.RUNNER_AGENT_REQUIRE_ENGINE === '1';
const example = (name) => path.resolve(__dirname, '../../../../Tests/examples', name);

/** For the `skip` of a test. */
const skipWithoutAgent = !binary && !isRequired && 'needs RUNNER_AGENT_BINARY';
const skipWithoutEngine = !(binary && process.env.DOCKER_HOST) && !isRequired && 'needs RUNNER_AGENT_BINARY and DOCKER_HOST';

/** An agent's place, removed after the test; agents come and go there. */
class AgentPlace {
  #t;
  directory = fs.mkdtempSync('/tmp/ra-');
  socketPath = path.join(this.directory, 'agent.sock');
  options = [
    '--socket', this.socketPath, '--state-dir', `${this.directory}/state`, '--cache-dir', `${this.directory}/cache`,
    '--config', `${this.directory}/config.yml`, '--bind-address', '127.0.0.1', '--public-host', '127.0.0.1',
  ];
  child = null;

  constructor(t, config = '') {
    assert(binary, 'RUNNER_AGENT_BINARY is not set');
    this.#t = t;
    fs.writeFileSync(`${this.directory}/config.yml`, config);
    t.after(async () => {
      await this.end();
      fs.rmSync(this.directory, { recursive: true });
    });
  }

  /** Starts `serve`, which listens when this returns. */
  async serve(env = process.env) {
    const child = spawn(binary, ['serve', ...this.options], { stdio: ['ignore', 'ignore', 'pipe'], env });
    this.child = child;
    let log = '';
    await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`the agent ended with status ${code}: ${log}`)));
      child.stderr.on('data', (chunk) => {
        log = (log + chunk).slice(-10_000);
        if (log.includes('listening on')) resolve();
      });
    });
    return this;
  }

  /** Ends it with SIGTERM, which must give status 0, or with another signal. */
  async end(signal = 'SIGTERM') {
    const child = this.child;
    if (!child) return;
    this.child = null;
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
    if (signal === 'SIGTERM') assert.equal(child.exitCode, 0);
  }

  /** A component's directory whose container runs `script`. */
  component(script) {
    const directory = fs.mkdtempSync(`${this.directory}/component-`);
    fs.mkdirSync(`${directory}/.runner`);
    fs.writeFileSync(`${directory}/.runner/config.yml`, 'runner: {type: docker, ports: ["auto:3000"], stop: {grace: 1s}}\n');
    fs.writeFileSync(`${directory}/Dockerfile`, 'FROM runner-agent-demo-base:1\nCOPY run /run.sh\nCMD ["sh", "/run.sh"]\n');
    fs.writeFileSync(`${directory}/run`, script);
    return directory;
  }
}

module.exports = { AgentPlace, binary, example, skipWithoutAgent, skipWithoutEngine };
