// @backstage/plugin-catalog-node 1.20.1, and Entity of @backstage/catalog-model 1.7.6: what is used of them.
import type { BackstageCredentials, ServiceRef } from '@backstage/backend-plugin-api';

export interface Entity {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
}
export interface CatalogServiceRequestOptions {
  credentials: BackstageCredentials;
}
export interface CatalogService {
  getEntityByRef(entityRef: string, options: CatalogServiceRequestOptions): Promise<Entity | undefined>;
}
export const catalogServiceRef: ServiceRef<CatalogService>;
