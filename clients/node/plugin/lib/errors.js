'use strict';

/** Backstage takes the status from the name, and copies every enumerable property to the caller: these are all there are. */
function namedError(name, message, details = {}) {
  const error = Object.assign(new Error(message), details);
  Object.defineProperty(error, 'name', { value: name });
  return error;
}

/** Errors of other services whose words are for the caller; anything else that they throw may hold requests and tokens. */
const FOR_THE_CALLER = new Set(['AuthenticationError', 'InputError', 'NotAllowedError', 'NotFoundError']);

const isForTheCaller = (error) => FOR_THE_CALLER.has(error?.name);

module.exports = { isForTheCaller, namedError };
