'use strict';

const { RestError } = require('./errors');

const KIND = /^[a-z][a-z0-9]*$/;
const NAMESPACE = /^[a-z0-9]+(?:-+[a-z0-9]+)*$/;
const NAME = /^([a-z0-9][-a-z0-9_.]*)?[a-z0-9]$/;
const MAX_PART = 63;

/**
 * `[kind:][namespace/]name` in the one form that is compared and stored, all lower case, as in `component:default/web`.
 * Backstage's grammar and limits; a kind must be given, so that `web` is not taken for a component by one and an API by another.
 */
function canonicalEntityRef(text) {
  if (typeof text !== 'string') throw invalid('entityRef must be a string');
  const match = /^(?:([^:/]*):)?(?:([^:/]*)\/)?(.*)$/s.exec(text.toLocaleLowerCase('en-US'));
  const [, kind, namespace = 'default', name] = match;
  if (kind === undefined) throw invalid('entityRef has no kind');
  if (!fits(kind, KIND)) throw invalid('the kind of entityRef is not valid');
  if (!fits(namespace, NAMESPACE)) throw invalid('the namespace of entityRef is not valid');
  if (!fits(name, NAME)) throw invalid('the name of entityRef is not valid');
  return `${kind}:${namespace}/${name}`;
}

function fits(part, pattern) {
  return part.length <= MAX_PART && pattern.test(part);
}

function invalid(message) {
  return new RestError('InputError', message, {
    code: 'INVALID_ENTITY_REF', hint: 'write it as in component:default/web', retryable: false,
  });
}

module.exports = { canonicalEntityRef };
