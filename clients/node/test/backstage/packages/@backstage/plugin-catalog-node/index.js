'use strict';

exports.catalogServiceRef = { id: 'catalog-node' };
