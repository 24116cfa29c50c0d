// @backstage/backend-plugin-api 1.6.1: what is used of it.
import type { Config } from '@backstage/config';
import type { AuthorizePermissionRequest, AuthorizePermissionResponse, Permission } from '@backstage/plugin-permission-common';
import type { Handler, Request } from 'express';

export interface BackendFeature {
  $$type: '@backstage/BackendFeature';
}
export type ServiceRef<TService> = { id: string; T: TService };

export type BackstageCredentials<TPrincipal = unknown> = {
  $$type: '@backstage/BackstageCredentials';
  expiresAt?: Date;
  principal: TPrincipal;
};
export type BackstageUserPrincipal = { type: 'user'; userEntityRef: string };
export type BackstageServicePrincipal = { type: 'service'; subject: string };
export type BackstageNonePrincipal = { type: 'none' };
export type BackstagePrincipalTypes = {
  user: BackstageUserPrincipal;
  service: BackstageServicePrincipal;
  none: BackstageNonePrincipal;
  unknown: unknown;
};

export interface AuthService {
  isPrincipal<TType extends keyof BackstagePrincipalTypes>(
    credentials: BackstageCredentials,
    type: TType,
  ): credentials is BackstageCredentials<BackstagePrincipalTypes[TType]>;
}
export interface HttpAuthService {
  credentials<TAllowed extends keyof BackstagePrincipalTypes = 'unknown'>(
    req: Request,
    options?: { allow?: Array<TAllowed>; allowLimitedAccess?: boolean },
  ): Promise<BackstageCredentials<BackstagePrincipalTypes[TAllowed]>>;
}
export interface HttpRouterService {
  use(handler: Handler): void;
  addAuthPolicy(policy: { path: string; allow: 'unauthenticated' | 'user-cookie' }): void;
}
export interface LifecycleService {
  addShutdownHook(hook: () => void | Promise<void>): void;
}
export interface LoggerService {
  error(message: string, meta?: Error | JsonObject): void;
  warn(message: string, meta?: Error | JsonObject): void;
  info(message: string, meta?: Error | JsonObject): void;
  debug(message: string, meta?: Error | JsonObject): void;
}
export type JsonObject = { [key in string]?: unknown };
export interface PermissionsService {
  authorize(
    requests: AuthorizePermissionRequest[],
    options: { credentials: BackstageCredentials },
  ): Promise<AuthorizePermissionResponse[]>;
}
export interface PermissionsRegistryService {
  addPermissions(permissions: Permission[]): void;
}

export namespace coreServices {
  const auth: ServiceRef<AuthService>;
  const httpAuth: ServiceRef<HttpAuthService>;
  const httpRouter: ServiceRef<HttpRouterService>;
  const lifecycle: ServiceRef<LifecycleService>;
  const logger: ServiceRef<LoggerService>;
  const permissions: ServiceRef<PermissionsService>;
  const permissionsRegistry: ServiceRef<PermissionsRegistryService>;
  const rootConfig: ServiceRef<Config>;
}

export interface BackendPluginRegistrationPoints {
  registerInit<TDeps extends { [name in string]: ServiceRef<unknown> }>(options: {
    deps: TDeps;
    init(deps: { [key in keyof TDeps]: TDeps[key]['T'] }): Promise<void>;
  }): void;
}
export function createBackendPlugin(options: {
  pluginId: string;
  register(reg: BackendPluginRegistrationPoints): void;
}): BackendFeature;
