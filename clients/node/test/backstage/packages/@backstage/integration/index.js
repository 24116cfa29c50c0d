'use strict';

/** Hosts match exactly, as `new URL().host`. An entry may hold `failure`, which is then thrown where a GitHub App would. */
class ScmIntegrations {
  static fromConfig(config) {
    return new ScmIntegrations(config.getOptional('integrations.github') ?? []);
  }

  constructor(entries) {
    this.github = { byUrl: (url) => entries.find(({ host = 'github.com' }) => new URL(url).host === host) };
  }
}

class DefaultGithubCredentialsProvider {
  static fromIntegrations(integrations) {
    return new DefaultGithubCredentialsProvider(integrations);
  }

  constructor(integrations) {
    this.integrations = integrations;
  }

  async getCredentials({ url }) {
    const entry = this.integrations.github.byUrl(url);
    if (entry.failure) throw entry.failure;
    return { type: 'token', token: entry.token?.trim() };
  }
}

module.exports = { ScmIntegrations, DefaultGithubCredentialsProvider };
