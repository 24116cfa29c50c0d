// @backstage/config 1.3.6: what is used of it.
export interface Config {
  getOptionalString(key: string): string | undefined;
  getOptionalNumber(key: string): number | undefined;
}
