'use strict';

const HEALTH_TIMEOUT_MS = 3_000;

/** `GET /health`: `ok`, or `degraded` when the agent answers and its engine does not; 503 when the agent does not answer. */
async function health({ call, json, options }) {
  const { version, protocolVersion, uptimeMs, engine, counts } = await call(
    (client, signal) => client.info({ signal }), HEALTH_TIMEOUT_MS);
  const status = engine?.reachable === false ? 'degraded' : 'ok';
  if (!options.healthDetails) return json(200, { status });
  json(200, {
    status,
    agent: { version, protocolVersion, uptimeMs },
    engine: engine ? { name: engine.name, version: engine.version, reachable: engine.reachable } : null,
    counts,
  });
}

module.exports = { health };
