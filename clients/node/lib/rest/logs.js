'use strict';

const { checkedId } = require('./instances');
const { MAX_RECORDS, parseLogQuery } = require('./log-query');
const { LogText, textOf } = require('./log-text');
const { ResponseStream } = require('./response-stream');
const { EventStream, whenAborted } = require('./event-stream');
const { toRestError, unavailableError } = require('./errors');

/** Records of an answer that did not say how many. */
const DEFAULT_RECORDS = 1_000;

/** `GET /instances/:id/logs`: how it is answered follows from `Accept` and the query. */
async function logs(context) {
  const { req, params, query } = context;
  const instanceId = checkedId(params.id);
  const asked = parseLogQuery(query, req.headers['last-event-id']);
  const job = { ...context, ...asked, instanceId };
  if (asked.download) return download(job);
  if (req.method === 'GET' && accepts(req, 'text/event-stream')) return followAsEvents(job);
  if (req.method === 'GET' && asked.follow) return followAsText(job);
  return page(job);
}

function accepts(req, type) {
  return (req.headers.accept ?? '').split(',').some((part) => part.split(';')[0].trim().toLowerCase() === type);
}

/**
 * `{logs, lastSeq, truncated}`: the text, by default the end of it. With `after` or `wait` also the `records`; `lastSeq` is the
 * next `after`. With `wait` an answer without records comes after that many seconds at most, and `ended` says that none follow.
 */
async function page({ instanceId, select, wait, call, json, res, options, client }) {
  const { after, tail, since, until } = select;
  const newest = after === undefined && since === undefined && until === undefined && wait === undefined;
  const count = select.limit ?? tail ?? DEFAULT_RECORDS;
  const asked = { instanceId, ...select, tail: tail ?? (newest ? count : undefined), limit: Math.max(1, count) };
  const found = await call((agent, signal) => agent.logs(asked, { signal }));
  let { records, truncated } = found;
  let lastSeq = Math.max(found.nextSeq - 1, after ?? 0);
  let ended;
  if (wait !== undefined) {
    ended = false;
    if (records.length === 0 && wait > 0) {
      ({ records, lastSeq, ended } = await nextRecords(client, { instanceId, ...select, after: lastSeq }, wait, { res, options }));
    }
  }
  const recordsToo = after !== undefined || wait !== undefined;
  json(200, { logs: textOf(records), lastSeq, truncated, ...(recordsToo && { records }), ...(ended !== undefined && { ended }) });
}

/** The first records after a point, as soon as there are any; none when `seconds` pass or the log ends before. */
async function nextRecords(client, { limit = DEFAULT_RECORDS, tail: _, ...select }, seconds, { res, options }) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  const timer = setTimeout(stop, seconds * 1000);
  res.on('close', stop);
  const waiting = { cut: () => res.destroy() };
  options.open.add(waiting);
  const stream = client.followLogs(select, { signal: abort.signal });
  const records = [];
  try {
    for await (const record of stream) {
      records.push(record);
      if (records.length === 1) setImmediate(stop); // Those that came with it are taken too.
      if (records.length >= limit) break;
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
    res.off('close', stop);
    options.open.delete(waiting);
  }
  const lastSeq = records.length ? seqOf(records.at(-1)) : Math.max(stream.lastSeq ?? 0, select.after);
  return { records, lastSeq, ended: stream.endReason === 'ended' && records.length === 0 };
}

function seqOf(record) {
  return record.gap ? record.gap.to : record.seq;
}

/** Everything that is kept, or what the query selects, as a file. */
async function download({ instanceId, select, call, req, res, options }) {
  const instance = await call((agent, signal) => agent.get({ instanceId }, { signal }));
  const { tail, limit: _, ...rest } = select;
  let asked = { instanceId, ...rest, tail, limit: MAX_RECORDS };
  const nextPage = () => call((agent, signal) => agent.logs(asked, { signal }));
  let found = await nextPage(); // Before the status is sent, so that a bad query gets its own.
  const name = `${instance.componentRef.replace(/^.*\//, '').replace(/[^\w.-]/g, '_')}-${instanceId.slice(0, 8)}.log`;
  const stream = new ResponseStream(res, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
  }, options.open);
  if (req.method === 'HEAD') return stream.end();
  const text = new LogText();
  while (!stream.signal.aborted) {
    for (const record of found.records) await stream.push(text.encode(record));
    if (!found.truncated) return stream.end();
    asked = { ...asked, tail: undefined, after: found.nextSeq - 1 };
    try {
      found = await nextPage();
    } catch (error) {
      options.logger.warn(`the download of a log was cut off: ${toRestError(error).message}`);
      return stream.cut(); // A file that ended in order would look complete.
    }
  }
}

/** `?follow=true`: the text as it is logged, chunked, until the log ends. */
async function followAsText({ instanceId, select, res, options, client, opened }) {
  const abort = new AbortController();
  const records = client.followLogs({ instanceId, ...withoutLimit(select) }, { signal: abort.signal });
  await opened(records, abort);
  const stream = new ResponseStream(res, { 'Content-Type': 'text/plain; charset=utf-8' }, options.open);
  whenAborted(stream.signal, () => abort.abort());
  const text = new LogText();
  try {
    for await (const record of records) {
      const full = stream.push(text.encode(record));
      if (full) await full;
    }
    if (records.endReason === 'shutdown') stream.cut();
    else stream.end();
  } catch (error) {
    if (abort.signal.aborted) return;
    options.logger.warn(`a log stream was cut off: ${toRestError(error).message}`);
    stream.cut();
  }
}

/**
 * `Accept: text/event-stream`: `event: log` for a record and `event: gap` for missing ones, each with `id: <seq>`; last
 * `event: end {reason}`, or `event: error` with an error body.
 */
async function followAsEvents({ instanceId, select, req, res, options, client, opened }) {
  // A native EventSource asks again after the end, with the id of the end: 204 tells it to stop.
  if (req.headers['last-event-id']?.endsWith('-end')) return res.writeHead(204).end();
  const abort = new AbortController();
  const records = client.followLogs({ instanceId, ...withoutLimit(select) }, { signal: abort.signal });
  await opened(records, abort);
  const events = new EventStream(res, options);
  whenAborted(events.signal, () => abort.abort());
  let last = select.after ?? 0;
  try {
    for await (const record of records) {
      last = seqOf(record);
      const full = record.gap ? events.send('gap', record.gap, last) : events.send('log', record, last);
      if (full) await full;
    }
    const seen = Math.max(last, records.lastSeq ?? 0);
    if (records.endReason === 'shutdown') return events.fail(unavailableError('SHUTTING_DOWN'), req);
    events.send('end', { reason: records.endReason ?? 'ended', lastSeq: seen }, `${seen}-end`);
    events.end();
  } catch (error) {
    if (!abort.signal.aborted) events.fail(toRestError(error), req);
  }
}

/** `limit` is the size of a page; a stream has none. */
function withoutLimit({ limit: _, ...select }) {
  return select;
}

module.exports = { logs };
