import type { VersionMark } from '#domain/api/latency-api.ts';

/** Spans of one version of a service in one column of time. */
export interface VersionCell {
  readonly service: string;
  readonly version: string;
  readonly column: number;
  readonly count: number;
  /** Starts of the first and last of them, unix ns. */
  readonly firstNs: bigint;
  readonly lastNs: bigint;
}

/** How unlikely it must be that a version that still runs is not seen any more. */
const GONE = 0.001;

/** When versions appeared beside others that ran before, and when they gave way again to an older one. Oldest first. */
export function versionMarks(cells: readonly VersionCell[]): readonly VersionMark[] {
  const marks: VersionMark[] = [];
  for (const [service, own] of groupBy(cells, cell => cell.service)) {
    const versions = [...groupBy(own, cell => cell.version)].map(([version, seen]) => ({
      version,
      cells: seen,
      firstColumn: Math.min(...seen.map(c => c.column)),
      lastColumn: Math.max(...seen.map(c => c.column)),
      firstNs: seen.reduce((min, c) => (c.firstNs < min ? c.firstNs : min), seen[0].firstNs),
      lastNs: seen.reduce((max, c) => (c.lastNs > max ? c.lastNs : max), seen[0].lastNs),
    }));
    versions.sort((a, b) => (a.firstNs < b.firstNs ? -1 : a.firstNs > b.firstNs ? 1 : 0));
    const firstColumn = Math.min(...versions.map(v => v.firstColumn));
    for (const { version, ...seen } of versions) {
      const others = own.filter(c => c.version !== version);
      if (seen.firstColumn > firstColumn) {
        const previous = commonest(others.filter(c => c.column <= seen.firstColumn && c.firstNs < seen.firstNs));
        marks.push({ kind: 'deployment', service, version, previous, atUnixNano: String(seen.firstNs) });
      }
      const after = others.filter(c => c.column > seen.lastColumn);
      const successor = commonest(after);
      const older = versions.find(v => v.version === successor);
      if (older === undefined || older.firstNs >= seen.firstNs) continue;
      const around = own.filter(c => c.column <= seen.lastColumn && c.column >= seen.lastColumn - 1);
      const share = sum(around.filter(c => c.version === version)) / sum(around);
      if ((1 - share) ** sum(after) > GONE) continue;
      const atUnixNano = String(seen.lastNs);
      marks.push({ kind: 'rollback', service, version: older.version, previous: version, atUnixNano });
    }
  }
  return marks.sort((a, b) => (BigInt(a.atUnixNano) < BigInt(b.atUnixNano) ? -1 : 1));
}

function commonest(cells: readonly VersionCell[]): string {
  let [best, most] = ['', 0];
  for (const [version, seen] of groupBy(cells, cell => cell.version)) {
    if (sum(seen) > most) [best, most] = [version, sum(seen)];
  }
  return best;
}

function sum(cells: readonly VersionCell[]): number {
  return cells.reduce((total, { count }) => total + count, 0);
}

function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
