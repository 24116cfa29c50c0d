'use strict';

const http = require('node:http');
const { RunnerClient } = require('../..');
const { createRouter } = require('../../lib/rest/router');

/** The router on plain node:http, gone after the test; `url` is its root. */
async function serveRouter(t, socketPath, options = {}) {
  const client = new RunnerClient({ socketPath });
  const router = createRouter({ client, ...options });
  return { ...await serve(t, router, () => { router.close(); client.close(); }), client, router };
}

async function serve(t, handler, close = () => {}) {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    close();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, server };
}

const post = (url, body, headers = {}) => fetch(url, {
  method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body),
});

/** Server-sent events of a response, parsed as the standard says; comments come as `{comment}`. */
async function* eventsOf(response) {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const event = {};
      for (const line of block.split('\n')) {
        const [, name, value] = /^([^:]*): ?(.*)$/s.exec(line);
        if (name === '') event.comment = value;
        else event[name] = name === 'data' ? JSON.parse(value) : value;
      }
      yield event;
    }
  }
}

module.exports = { serveRouter, serve, post, eventsOf };
