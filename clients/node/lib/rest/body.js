'use strict';

const { RestError, inputError } = require('./errors');

const MAX_BODY_BYTES = 64 << 10;

/** The JSON object in the body of a request: parsed already by the framework, or read here. */
async function readObject(req) {
  const value = req._body || req.readableEnded ? req.body : await readJSON(req);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw inputError('The body must be a JSON object');
  return value;
}

async function readJSON(req) {
  // A form of another site cannot send this type without asking first, so it cannot act for a signed-in user.
  if (!/^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? '')) {
    throw inputError('The Content-Type must be application/json');
  }
  const chunks = [];
  let length = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new RestError('PayloadTooLargeError', `The body is over ${MAX_BODY_BYTES} bytes`, {
        statusCode: 413, code: 'BODY_TOO_LARGE',
      });
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw inputError('The body is not valid JSON'); // The parser's own words repeat what came.
  }
}

module.exports = { readObject };
