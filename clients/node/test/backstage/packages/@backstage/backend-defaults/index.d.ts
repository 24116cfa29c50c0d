// @backstage/backend-defaults 0.15.0: what is used of it.
import type { BackendFeature } from '@backstage/backend-plugin-api';

export interface Backend {
  add(feature: BackendFeature | Promise<{ default: BackendFeature }>): void;
  start(): Promise<unknown>;
  stop(): Promise<void>;
}
export function createBackend(): Backend;
