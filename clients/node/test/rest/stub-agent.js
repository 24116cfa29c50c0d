'use strict';

const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

/**
 * A socket that answers as told, for what a healthy agent never does. `answers` holds one function per method: it gets the
 * params and `{notify(method, params), socket}` and gives a result, or throws `{code, message, data}`.
 */
async function stubAgent(t, answers) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'rb-'));
  const socketPath = path.join(directory, 'agent.sock');
  const sockets = new Set();
  const calls = [];
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const send = (message) => socket.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    let rest = '';
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) answer(JSON.parse(line), send, socket);
    });
  });
  function answer({ id, method, params }, send, socket) {
    calls.push({ method, params });
    const handle = answers[method];
    if (id === undefined || handle === null) return;
    try {
      if (!handle) throw { code: -32601, message: `no ${method}` };
      send({ id, result: handle(params, { notify: (name, value) => send({ method: name, params: value }), socket }) });
    } catch (error) {
      send({ id, error });
    }
  }
  await new Promise((resolve) => server.listen(socketPath, resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    fs.rmSync(directory, { recursive: true });
  });
  return { socketPath, calls, sockets };
}

module.exports = { stubAgent };
