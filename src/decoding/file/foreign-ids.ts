import type { Attribute } from '#domain/trace/trace-table.ts';

/** An id as other tools write it, and what stands for it here. */
export interface ForeignId {
  /** Hex of full length; '' for none. */
  readonly hex: string;
  /** What was reported, where it is no hex of at most this length; otherwise undefined. */
  readonly reported: string | undefined;
}

const NONE: ForeignId = { hex: '', reported: undefined };

/** Pads a hex id to `digits`; any other text becomes a 64-bit hash of it, so that spans still find each other. */
export function foreignId(value: unknown, digits: 16 | 32): ForeignId {
  if (value === undefined || value === null) return NONE;
  const text = typeof value === 'string' ? value.trim() : String(value);
  if (text === '') return NONE;
  const hex = text.toLowerCase();
  if (/^[0-9a-f]+$/.test(hex)) {
    const significant = hex.replace(/^0+/, '');
    if (significant !== '' && significant.length <= digits) {
      return { hex: significant.padStart(digits, '0'), reported: undefined };
    }
  }
  return { hex: hashOf(text).padStart(digits, '0'), reported: text };
}

/** As `foreignId` of a parent: all zeros is how some write "none". */
export function foreignParentId(value: unknown): ForeignId {
  return typeof value === 'string' && /^0*$/.test(value.trim()) ? NONE : foreignId(value, 16);
}

/** The reported texts of ids that had to be hashed, as attributes of the span. */
export function reportedIds(ids: Readonly<Record<string, ForeignId>>): Attribute[] {
  return Object.entries(ids).flatMap(([what, { reported }]) =>
    reported === undefined
      ? []
      : [{ key: `throughline.reported.${what}`, value: { type: 'string', value: reported } as const }],
  );
}

/** FNV-1a over UTF-16 units, 64 bits; never zero. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return (hash === 0n ? 1n : hash).toString(16).padStart(16, '0');
}
