'use strict';

const test = require('node:test');
const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { defaultSocketPath } = require('..');

const nobody = 1_234_567; // No /run/user directory.

test('the first place that is said wins', () => {
  const env = { RUNNER_AGENT_SOCKET: '/x/y.sock', XDG_RUNTIME_DIR: '/run/user/7' };
  assert.equal(defaultSocketPath(env, 0), '/x/y.sock');
  assert.equal(defaultSocketPath({ XDG_RUNTIME_DIR: '/run/user/7' }, 0), '/run/runner-agent/agent.sock');
  assert.equal(defaultSocketPath({ XDG_RUNTIME_DIR: '/run/user/7' }, nobody), '/run/user/7/runner-agent/agent.sock');
});

test('a directory under the temporary directory must be ours alone', (t) => {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'ra-'));
  t.after(() => fs.rmSync(temporary, { recursive: true }));
  const uid = process.getuid() || nobody; // Root itself never comes this far.
  const env = { TMPDIR: temporary };
  const directory = path.join(temporary, `runner-agent-${uid}`);
  if (fs.existsSync(`/run/user/${uid}`)) return t.skip('this user has a /run/user directory');

  assert.equal(defaultSocketPath(env, uid), path.join(directory, 'agent.sock'));
  fs.mkdirSync(directory, { mode: 0o755 });
  assert.throws(() => defaultSocketPath(env, uid), /not a directory of this user alone/);
  if (process.getuid() === 0) fs.chownSync(directory, uid, uid);
  fs.chmodSync(directory, 0o700);
  assert.equal(defaultSocketPath(env, uid), path.join(directory, 'agent.sock'));
  fs.renameSync(directory, `${directory}.real`);
  fs.symlinkSync(`${directory}.real`, directory);
  assert.throws(() => defaultSocketPath(env, uid), /not a directory of this user alone/);
});
