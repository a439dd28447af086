/**
 * Links are a public format. Version 1 is written without `v`; from version 2 on every link carries it, and each older
 * version needs an upgrader that turns its parameters into those of the next.
 */
export type SearchParams = Readonly<Record<string, string>>;

export const CURRENT_VERSION = 1;

/** upgraders[n] turns parameters of version n into those of version n + 1. */
const upgraders: Readonly<Record<number, (params: SearchParams) => SearchParams>> = {};

for (let version = 1; version < CURRENT_VERSION; version++) {
  if (upgraders[version] === undefined) throw new Error(`links of version ${version} have no upgrader`);
}

/** Parameters of any known version as those of the current one. A version from the future is read as the current. */
export function upgradeParams(params: SearchParams): SearchParams {
  const stated = /^[1-9]\d{0,3}$/.test(params.v ?? '') ? Number(params.v) : 1;
  let upgraded = params;
  for (let version = stated; version < CURRENT_VERSION; version++) upgraded = upgraders[version]!(upgraded);
  return upgraded;
}
