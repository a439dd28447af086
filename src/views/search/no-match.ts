/**
 * The filter whose removal brings most traces back: its index, or undefined where no single removal helps or the counts
 * are not known.
 */
export function emptyingFilter(lines: readonly { readonly without: number | undefined }[]): number | undefined {
  let best: number | undefined;
  lines.forEach(({ without }, at) => {
    if (without === undefined || without === 0) return;
    if (best === undefined || without > lines[best]!.without!) best = at;
  });
  return best;
}

/** What a store holds, out to whole minutes; undefined if it holds nothing. Bounds are decimal strings of ns. */
export function rangeAround(
  oldest: string | undefined,
  newest: string | undefined,
): { readonly fromMs: number; readonly toMs: number } | undefined {
  if (oldest === undefined || newest === undefined) return undefined;
  const minute = 60_000;
  const fromMs = Math.floor(Number(BigInt(oldest) / 1_000_000n) / minute) * minute;
  const toMs = Math.ceil((Number(BigInt(newest) / 1_000_000n) + 1) / minute) * minute;
  return fromMs < toMs ? { fromMs, toMs } : undefined;
}
