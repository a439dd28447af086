import type { SelfCheckReport, StoreDetails } from '#domain/api/store-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { UNKNOWN } from '#domain/format/number.ts';

const NS_PER_MS = 1e6;

/** How long ago, as a length of time: `3.00 s`, `2 h 05 m`. Nothing is in the future, whatever the clocks say. */
export function ageText(atUnixMs: number | undefined, nowMs: number): string {
  return atUnixMs === undefined ? UNKNOWN : durationText(Math.max(0, nowMs - atUnixMs) * NS_PER_MS);
}

/** A length of time that is meant to be round: `30 s`, `3 m 05 s`, `3 d`. */
export function roundLengthText(ms: number): string {
  return durationText(ms * NS_PER_MS).replace(/\.00(?=\s)|\s00\s[hms]$/, '');
}

export function unixMsOf(unixNano: string | undefined): number | undefined {
  return unixNano === undefined ? undefined : Number(BigInt(unixNano) / 1_000_000n);
}

/** One word for how the store is, and what it means. */
export function stateText(details: StoreDetails): { readonly word: string; readonly sentence: string } {
  switch (details.status.state) {
    case 'ready':
      return { word: 'Ready', sentence: 'Spans are taken in and served.' };
    case 'salvaged':
      return { word: 'Ready, with losses', sentence: 'Spans are taken in and served; what was lost stands below.' };
    case 'failing':
      return { word: 'Read-only', sentence: 'What is stored is served; new spans are refused until this passes.' };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  trace_id: 'trace id is not 16 bytes or all zeros',
  span_id: 'span id is not 8 bytes or all zeros',
  invalid: 'Cannot be decoded, or no span is valid',
  overload: 'The queue was full',
  unavailable: 'The store was not ready, or could not write',
};

/** Why spans or requests were refused, for a reader. */
export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll('_', ' ');
}

const VERDICTS: Readonly<Record<SelfCheckReport['verdict'], string>> = {
  right: 'All right',
  late: 'All there, but late',
  wrong: 'Something is missing or wrong',
  failed: 'The check could not be made',
};

export function verdictText({ verdict }: SelfCheckReport): string {
  return VERDICTS[verdict];
}

/** Bytes of a stored span, log included; undefined without spans. */
export function bytesPerSpan({ status, disk }: StoreDetails): number | undefined {
  return status.spans === 0 ? undefined : (disk.databaseBytes + disk.walBytes) / status.spans;
}
