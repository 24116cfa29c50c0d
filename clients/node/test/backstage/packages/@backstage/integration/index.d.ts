// @backstage/integration 1.19.2: what is used of it.
import type { Config } from '@backstage/config';

export interface ScmIntegrationsGroup<T> {
  byUrl(url: string | URL): T | undefined;
}
export interface GithubIntegration {
  readonly type: string;
}
export interface ScmIntegrationRegistry {
  github: ScmIntegrationsGroup<GithubIntegration>;
}
export class ScmIntegrations implements ScmIntegrationRegistry {
  static fromConfig(config: Config): ScmIntegrations;
  readonly github: ScmIntegrationsGroup<GithubIntegration>;
}
export interface GithubCredentials {
  headers?: { [name: string]: string };
  token?: string;
  type: 'app' | 'token';
}
export interface GithubCredentialsProvider {
  getCredentials(options: { url: string }): Promise<GithubCredentials>;
}
export class DefaultGithubCredentialsProvider implements GithubCredentialsProvider {
  static fromIntegrations(integrations: ScmIntegrationRegistry): DefaultGithubCredentialsProvider;
  getCredentials(options: { url: string }): Promise<GithubCredentials>;
}
