'use strict';

exports.createRouter = require('./router').createRouter;
exports.RestError = require('./errors').RestError;
exports.canonicalEntityRef = require('./entity-ref').canonicalEntityRef;
