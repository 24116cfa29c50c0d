'use strict';

const crypto = require('node:crypto');
const { inputError, instanceNotFound } = require('./errors');
const { canonicalEntityRef } = require('./entity-ref');
const { readObject } = require('./body');

const INSTANCE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const STATUSES = ['starting', 'running', 'stopping', 'stopped', 'error'];
const ON_EXISTING = ['replace', 'reject', 'reuse'];
const MAX_STOP_SECONDS = 300;
const PAGE = 200;

/** `POST /start {entityRef, onExisting?}`: 201 with the instance at once, in `starting`; the build goes on without the caller. */
async function start({ req, options, call, json, principal }) {
  const body = await readObject(req);
  const entityRef = canonicalEntityRef(body.entityRef);
  if (body.onExisting !== undefined && !ON_EXISTING.includes(body.onExisting)) {
    throw inputError(`onExisting must be ${ON_EXISTING.join(', ')}`);
  }
  const idempotencyKey = idempotencyKeyOf(req, principal);
  const described = await options.describeStart({ entityRef, req, principal });
  const requestedBy = principal.userEntityRef ?? principal.subject;
  const instance = await call((client, signal) => client.start({
    onExisting: body.onExisting,
    idempotencyKey,
    ...described,
    componentRef: entityRef,
    wait: 'accepted',
    _meta: { ...described._meta, requestedBy },
  }, { signal }));
  options.logger.info(`${requestedBy ?? 'somebody'} started ${entityRef} as instance ${instance.id}`);
  json(201, instance, { Location: `instances/${instance.id}` });
}

/** Keys of different callers never meet, and the header's text goes no further than this. */
function idempotencyKeyOf(req, { userEntityRef, subject }) {
  const key = req.headers['idempotency-key'];
  if (!key) return undefined;
  return crypto.createHash('sha256').update(JSON.stringify([userEntityRef ?? subject ?? null, key])).digest('hex');
}

/** `POST /stop {instanceId, timeoutSeconds?}`: 200 when it has ended; stopping what has ended already is success. */
async function stop({ req, options, call, json, principal }) {
  const { instanceId, timeoutSeconds } = await readObject(req);
  if (typeof instanceId !== 'string') throw inputError('instanceId must be a string');
  if (timeoutSeconds !== undefined
    && !(Number.isInteger(timeoutSeconds) && timeoutSeconds >= 0 && timeoutSeconds <= MAX_STOP_SECONDS)) {
    throw inputError(`timeoutSeconds must be an integer from 0 to ${MAX_STOP_SECONDS}`);
  }
  const id = checkedId(instanceId);
  const instance = await call(
    (client, signal) => client.stop({ instanceId: id, timeoutSeconds }, { signal }),
    options.callTimeoutMs + (timeoutSeconds ?? 60) * 1000);
  options.logger.info(`${principal.userEntityRef ?? principal.subject ?? 'somebody'} stopped instance ${id}`);
  json(200, { message: 'Component stopped successfully', instance });
}

/** `GET /instances?componentRef=&status=&limit=&cursor=`: `{items}`, newest first; without `limit` all of them. */
async function list({ query, call, json }) {
  const componentRef = query.get('componentRef') ? canonicalEntityRef(query.get('componentRef')) : undefined;
  const status = query.getAll('status').flatMap((text) => text.split(',')).filter(Boolean);
  if (status.some((value) => !STATUSES.includes(value))) throw inputError(`status may hold ${STATUSES.join(', ')}`);
  const filter = { componentRef, status: status.length ? status : undefined };
  if (query.get('limit') || query.get('cursor')) {
    const limit = Number(query.get('limit') ?? PAGE);
    if (!Number.isInteger(limit) || limit < 1 || limit > PAGE) throw inputError(`limit must be an integer from 1 to ${PAGE}`);
    const page = await call((client, signal) =>
      client.list({ ...filter, limit, cursor: query.get('cursor') ?? undefined }, { signal }));
    json(200, { items: page.instances, nextCursor: page.nextCursor });
    return;
  }
  const items = [];
  let cursor;
  do {
    const page = await call((client, signal) => client.list({ ...filter, limit: PAGE, cursor }, { signal }));
    items.push(...page.instances);
    cursor = page.nextCursor;
  } while (cursor !== undefined); // The agent keeps a few hundred at most.
  json(200, { items });
}

/** `GET /instances/:id` */
async function get({ params, call, json }) {
  const instanceId = checkedId(params.id);
  json(200, await call((client, signal) => client.get({ instanceId }, { signal })));
}

/** What is no id of an instance is the id of none. */
function checkedId(text) {
  if (!INSTANCE_ID.test(text)) throw instanceNotFound();
  return text.toLowerCase();
}

module.exports = { start, stop, list, get, checkedId };
