'use strict';

// The other end of a real unix socket, which the test writes to byte by byte; agent.test.js has the real agent.

const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { RunnerClient } = require('../..');
const { LineSplitter } = require('../../lib/line-splitter');

/** A server whose `serve(request, socket)` is called for each line, and a client of it. */
async function withPeer(t, serve, options) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'ra-'));
  const socketPath = path.join(directory, 's');
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    const splitter = new LineSplitter(8 << 20);
    socket.on('error', () => {});
    socket.on('data', (chunk) => splitter.push(chunk, (line) => serve(JSON.parse(line), socket)));
  });
  server.listen(socketPath);
  await once(server, 'listening');
  const client = new RunnerClient({ socketPath, ...options });
  t.after(async () => {
    await client.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    fs.rmSync(directory, { recursive: true });
  });
  return { client, sockets, server, socketPath };
}

const answer = (socket, id, result) => socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
const refuse = (socket, id, error) => socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, error })}\n`);
const notify = (method, params) => `${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`;

module.exports = { withPeer, answer, refuse, notify };
