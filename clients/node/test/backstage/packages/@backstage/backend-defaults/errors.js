'use strict';

const statuses = {
  NotModifiedError: 304, InputError: 400, AuthenticationError: 401, NotAllowedError: 403, NotFoundError: 404, ConflictError: 409,
  NotImplementedError: 501, ServiceUnavailableError: 503,
};
const isStatus = (value) => Number.isInteger(value) && value >= 100 && value <= 599;

/** The status by `statusCode` or `status`, else by name; every enumerable property goes to the caller. */
function errorMiddleware(error, req, res, next) {
  if (res.headersSent) return next(error);
  if (!(error instanceof Error)) return res.status(500).json({ error: { name: 'Error', message: 'An internal error occurred' } });
  const statusCode = [error.statusCode, error.status, statuses[error.name]].find(isStatus) ?? 500;
  const { stack: _, ...seen } = error;
  return res.status(statusCode).json({
    error: { name: error.name, message: error.message, ...seen, ...(error.cause && { cause: String(error.cause) }) },
    request: { method: req.method, url: req.url }, response: { statusCode },
  });
}

module.exports = { errorMiddleware };
