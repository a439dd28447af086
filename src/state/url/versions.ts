/**
 * Links are a public format. Version 1 is written without `v`; from version 2 on every link carries it, and each older
 * version needs an upgrader that turns its parameters into those of the next.
 */
export type SearchParams = Readonly<Record<string, string>>;

export const CURRENT_VERSION = 1;

/** Turns parameters of one version into those of the next. */
export type Upgrader = (params: SearchParams) => SearchParams;

/** upgraders[n] turns parameters of version n into those of version n + 1. */
const upgraders: Readonly<Record<number, Upgrader>> = {};

/** Parameters of any known version as those of the current one. A version from the future is read as the current. */
export const upgradeParams = createUpgrade(CURRENT_VERSION, upgraders);

/** Makes `upgradeParams` for a version. Throws where an older version has no upgrader: its links would be dead. */
export function createUpgrade(current: number, steps: Readonly<Record<number, Upgrader>>): Upgrader {
  for (let version = 1; version < current; version++) {
    if (steps[version] === undefined) throw new Error(`links of version ${version} have no upgrader`);
  }
  return params => {
    let upgraded = params;
    for (let version = versionOf(params); version < current; version++) upgraded = steps[version]!(upgraded);
    return upgraded;
  };
}

/** The version that a link was written in. */
export function versionOf(params: SearchParams): number {
  return /^[1-9]\d{0,3}$/.test(params.v ?? '') ? Number(params.v) : 1;
}
