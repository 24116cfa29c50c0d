'use strict';

/** Calls a callback of the caller's. What it throws is an uncaught error as it is in any event listener, and no fault of the agent. */
function tell(callback, value) {
  try {
    callback?.(value);
  } catch (error) {
    process.nextTick(() => { throw error; });
  }
}

module.exports = { tell };
