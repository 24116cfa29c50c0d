'use strict';

const { inputError } = require('./errors');

const STREAMS = ['stdout', 'stderr', 'agent'];
const PHASES = ['fetch', 'build', 'run', 'health', 'lifecycle'];
const MAX_RECORDS = 10_000;
const MAX_WAIT_SECONDS = 60;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * The query of `GET /instances/:id/logs`: `select` is for the agent as it is; `follow`, `download`, `wait` say how to answer.
 * Unknown parameters are ignored.
 */
function parseLogQuery(query, lastEventId) {
  const one = (name) => {
    const values = query.getAll(name);
    if (values.length > 1) throw inputError(`${name} is given more than once`);
    return values[0] === '' ? undefined : values[0];
  };
  const integer = (name, maximum) => {
    const text = one(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text) || Number(text) > maximum) throw inputError(`${name} must be an integer from 0 to ${maximum}`);
    return Number(text);
  };
  const flag = (name) => {
    const text = one(name) ?? 'false';
    if (!['true', 'false', '1', '0'].includes(text)) throw inputError(`${name} must be true or false`);
    return text === 'true' || text === '1';
  };
  const time = (name) => {
    const text = one(name);
    if (text === undefined) return undefined;
    if (!TIME.test(text) || Number.isNaN(Date.parse(text))) {
      throw inputError(`${name} must be a time with its zone, as in 2026-01-02T03:04:05Z`);
    }
    return text;
  };
  const choice = (name, allowed) => {
    const values = query.getAll(name).flatMap((text) => text.split(',')).filter((text) => text !== '');
    if (values.some((value) => !allowed.includes(value))) throw inputError(`${name} may hold ${allowed.join(', ')}`);
    return values.length ? [...new Set(values)] : undefined;
  };
  const select = {
    after: resumePoint(lastEventId) ?? integer('after', Number.MAX_SAFE_INTEGER),
    tail: integer('tail', MAX_RECORDS),
    limit: integer('limit', MAX_RECORDS),
    since: time('since'),
    until: time('until'),
    streams: choice('streams', STREAMS),
    phases: choice('phases', PHASES),
  };
  if (select.limit === 0) throw inputError('limit must be at least 1');
  for (const name of Object.keys(select)) if (select[name] === undefined) delete select[name];
  return { select, follow: flag('follow'), download: flag('download'), wait: integer('wait', MAX_WAIT_SECONDS) };
}

/** `Last-Event-ID` is newer than the `after` of the address, which a reconnecting reader repeats unchanged. */
function resumePoint(lastEventId) {
  if (!lastEventId) return undefined;
  const match = /^(\d{1,15})(-end)?$/.exec(lastEventId);
  if (!match) throw inputError('Last-Event-ID is not one of this stream');
  return Number(match[1]);
}

module.exports = { MAX_RECORDS, parseLogQuery };
