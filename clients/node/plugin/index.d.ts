import type { BackendFeature } from '@backstage/backend-plugin-api';
import type { BasicPermission } from '@backstage/plugin-permission-common';

/** The plugin `runner` of the new backend system: `backend.add(import('@runner-agent/plugin-runner-backend'))`. */
declare const runnerPlugin: BackendFeature;
export default runnerPlugin;
export { runnerPlugin };

/** For a permission policy: `runner.instance.read`, `runner.instance.start`, `runner.instance.stop`. */
export const runnerPermissions: {
  readonly read: BasicPermission;
  readonly start: BasicPermission;
  readonly stop: BasicPermission;
};
