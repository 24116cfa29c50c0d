'use strict';

const { DefaultGithubCredentialsProvider, ScmIntegrations } = require('@backstage/integration');
const { RestError } = require('@runner-agent/client/rest');

const SOURCE_LOCATION = 'backstage.io/source-location';
const MANAGED_BY_LOCATION = 'backstage.io/managed-by-location';
const ANNOTATIONS = ['runner.backstage.io/enabled', 'runner.backstage.io/config-path', SOURCE_LOCATION, MANAGED_BY_LOCATION];

/** Errors of the catalog whose words are for the caller; anything else may hold requests and tokens. */
const FOR_THE_CALLER = new Set(['AuthenticationError', 'InputError', 'NotAllowedError', 'NotFoundError']);

/** What the agent is told about a component: its entity as the caller may see it, and a token for its repository. */
class ComponentSource {
  #catalog;
  #logger;
  #integrations;
  #credentials;

  constructor({ catalog, config, logger }) {
    this.#catalog = catalog;
    this.#logger = logger;
    this.#integrations = ScmIntegrations.fromConfig(config);
    this.#credentials = DefaultGithubCredentialsProvider.fromIntegrations(this.#integrations);
  }

  /** `{entity, credentials?}` for `runner.start`. */
  async describe(entityRef, credentials) {
    const { kind, apiVersion, metadata } = await this.#find(entityRef, credentials);
    const annotations = {};
    for (const key of ANNOTATIONS) {
      const value = metadata.annotations?.[key];
      if (value !== undefined) annotations[key] = value;
    }
    // Nothing is asked of GitHub for a component that must not run.
    const enabled = annotations['runner.backstage.io/enabled'] === 'true';
    const token = enabled ? await this.#tokenFor(annotations[SOURCE_LOCATION] ?? annotations[MANAGED_BY_LOCATION]) : undefined;
    return {
      entity: { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace, annotations } },
      credentials: token === undefined ? undefined : { token },
    };
  }

  async #find(entityRef, credentials) {
    let entity;
    try {
      entity = await this.#catalog.getEntityByRef(entityRef, { credentials });
    } catch (error) {
      if (FOR_THE_CALLER.has(error?.name)) throw error;
      this.#logger.warn(`the catalog did not answer for ${entityRef}: ${error?.message}`);
      throw new RestError('ServiceUnavailableError', 'The catalog does not answer', { code: 'CATALOG_UNAVAILABLE', retryable: true });
    }
    if (entity) return entity;
    throw new RestError('NotFoundError', `No entity ${entityRef} in the catalog`, { code: 'ENTITY_NOT_FOUND', retryable: false });
  }

  /** A token of the integration for this location, of a GitHub App or a personal one; none where there is no integration. */
  async #tokenFor(location) {
    const url = location?.replace(/^url:/, '');
    const host = hostOf(url);
    if (host === undefined || !this.#integrations.github.byUrl(url)) return undefined;
    try {
      return (await this.#credentials.getCredentials({ url })).token;
    } catch (error) {
      // Its words may come from GitHub's client, with the request in it.
      this.#logger.warn(`no GitHub credentials for ${host}: ${error?.message}`);
      throw new RestError('ServiceUnavailableError', 'The GitHub integration gave no credentials for this repository', {
        code: 'GITHUB_CREDENTIALS', hint: 'the log of the backend has the reason; check integrations.github', retryable: true,
      });
    }
  }
}

/** Undefined for what is no address: the agent says what is wrong with it. */
function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return undefined;
  }
}

module.exports = { ComponentSource };
