'use strict';

exports.createPermission = ({ name, attributes }) => ({ type: 'basic', name, attributes });
exports.AuthorizeResult = { DENY: 'DENY', ALLOW: 'ALLOW', CONDITIONAL: 'CONDITIONAL' };
