'use strict';

exports.createRouter = require('./router').createRouter;
exports.canonicalEntityRef = require('./entity-ref').canonicalEntityRef;
