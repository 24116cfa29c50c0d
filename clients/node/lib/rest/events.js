'use strict';

const { EventStream, whenAborted } = require('./event-stream');
const { toRestError, unavailableError } = require('./errors');
const { canonicalEntityRef } = require('./entity-ref');

/** `GET /events?componentRef=`: `event: instances {items}` once, then `event: instance` with each instance that changed. */
async function events({ query, req, res, options, client, opened }) {
  const componentRef = query.get('componentRef') ? canonicalEntityRef(query.get('componentRef')) : undefined;
  const abort = new AbortController();
  const changes = client.watch({ componentRef }, { signal: abort.signal });
  const { instances } = await opened(changes, abort);
  const stream = new EventStream(res, options);
  whenAborted(stream.signal, () => abort.abort());
  stream.send('instances', { items: instances });
  const told = new Map(instances.map(({ id, revision }) => [id, revision]));
  try {
    for await (const instance of changes) {
      if (told.get(instance.id) === instance.revision) continue; // The snapshot comes again here, and after a reconnection.
      told.set(instance.id, instance.revision);
      const full = stream.send('instance', instance);
      if (full) await full;
    }
    stream.fail(unavailableError('SHUTTING_DOWN'), req);
  } catch (error) {
    if (!abort.signal.aborted) stream.fail(toRestError(error), req);
  }
}

module.exports = { events };
