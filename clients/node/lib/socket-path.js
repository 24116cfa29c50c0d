'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * Where the agent of this user listens when nothing else is said: RUNNER_AGENT_SOCKET, then for root /run, then
 * XDG_RUNTIME_DIR, then /run/user/UID, then a directory under the temporary directory that must be ours alone.
 */
function defaultSocketPath(env = process.env, uid = process.getuid()) {
  if (env.RUNNER_AGENT_SOCKET) return env.RUNNER_AGENT_SOCKET;
  if (uid === 0) return '/run/runner-agent/agent.sock';
  if (env.XDG_RUNTIME_DIR) return path.join(env.XDG_RUNTIME_DIR, 'runner-agent', 'agent.sock');
  if (fs.existsSync(`/run/user/${uid}`)) return `/run/user/${uid}/runner-agent/agent.sock`;
  const directory = path.join(env.TMPDIR || os.tmpdir(), `runner-agent-${uid}`);
  verifyPrivate(directory, uid);
  return path.join(directory, 'agent.sock');
}

/** Anyone may make a name under the temporary directory: a directory of another user must not get our requests. */
function verifyPrivate(directory, uid) {
  const stats = fs.lstatSync(directory, { throwIfNoEntry: false });
  if (!stats) return; // No agent runs; connecting will say so.
  if (!stats.isDirectory() || stats.uid !== uid || (stats.mode & 0o077) !== 0) {
    throw new Error(`${directory} is not a directory of this user alone (mode 0700)`);
  }
}

module.exports = { defaultSocketPath };
