// @backstage/plugin-permission-common 0.9.4: what is used of it.
export interface PermissionAttributes {
  action?: 'create' | 'read' | 'update' | 'delete';
}
export interface BasicPermission {
  type: 'basic';
  name: string;
  attributes: PermissionAttributes;
}
export type Permission = BasicPermission;
export function createPermission(input: { name: string; attributes: PermissionAttributes }): BasicPermission;

export enum AuthorizeResult {
  DENY = 'DENY',
  ALLOW = 'ALLOW',
  CONDITIONAL = 'CONDITIONAL',
}
export interface AuthorizePermissionRequest {
  permission: BasicPermission;
  resourceRef?: never;
}
export interface AuthorizePermissionResponse {
  result: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
}
