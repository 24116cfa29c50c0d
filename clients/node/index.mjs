// The CommonJS files hold the code, so that both worlds share one class identity.
import client from './index.js';

export const {
  RunnerClient, RunnerError, ConnectionLostError, CancelledError, RequestTimeoutError, defaultSocketPath,
} = client;
