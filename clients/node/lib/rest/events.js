'use strict';

const { EventStream, whenAborted } = require('./event-stream');
const { toRestError } = require('./errors');
const { canonicalEntityRef } = require('./entity-ref');

/**
 * `GET /events?componentRef=`: `event: instances {items}` at the start, and again when the agent was away; between them
 * `event: instance` with each instance that changed.
 */
async function events({ query, req, res, options, client, opened }) {
  const componentRef = query.get('componentRef') ? canonicalEntityRef(query.get('componentRef')) : undefined;
  const abort = new AbortController();
  const told = new Map();
  let stream;
  const tellAll = (items) => {
    told.clear();
    for (const { id, revision } of items) told.set(id, revision);
    stream?.send('instances', { items });
  };
  const changes = client.watch({ componentRef }, { signal: abort.signal, timeoutMs: options.callTimeoutMs, onSnapshot: tellAll });
  const { instances } = await opened(changes, abort);
  stream = new EventStream(res, options);
  whenAborted(stream.signal, () => abort.abort());
  stream.send('instances', { items: instances });
  try {
    for await (const instance of changes) {
      if (told.get(instance.id) === instance.revision) continue; // A snapshot comes here too.
      told.set(instance.id, instance.revision);
      const full = stream.send('instance', instance);
      if (full) await full;
    }
    stream.end();
  } catch (error) {
    if (!abort.signal.aborted) stream.fail(toRestError(error), req);
  }
}

module.exports = { events };
