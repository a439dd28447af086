import { Arena, varintSize } from '#server/store/append/arena.ts';
import { ByteInterner } from '#server/store/append/byte-interner.ts';
import { WireCursor } from '#server/store/append/wire-cursor.ts';

/** Where spans come from: a Resource message and the schema URL beside it. */
export interface Owner {
  readonly resource: Uint8Array;
  readonly schemaUrl: string;
}

/** One row of `fragments`, with its resource. */
export interface Fragment extends Owner {
  /** ScopeSpans fields as they stand in a ResourceSpans. */
  readonly body: Uint8Array;
}

export interface AssembledTrace {
  /** TracesData. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Identical copies that were left out. */
  readonly duplicates: number;
}

const RESOURCE_SPANS_TAG = 0x0a;
const RESOURCE_TAG = 0x0a;
const SCOPE_SPANS_TAG = 0x12;
const SPAN_FIELD = 2;
const SCHEMA_URL_TAG = 0x1a;
const encoder = new TextEncoder();

/**
 * Puts TracesData together: one ResourceSpans per distinct resource, its fragments in order. A Span message that came
 * before with the same bytes (a redelivery) is left out; all others stand as they were sent.
 */
export function assembleTrace(fragments: readonly Fragment[]): AssembledTrace {
  const seen = new ByteInterner(0);
  const groups = new Map<number, { readonly fragment: Fragment; readonly bodies: Uint8Array[] }>();
  const owners = new ByteInterner(0);
  let duplicates = 0;
  for (const fragment of fragments) {
    const { body, copies } = keepFirst(fragment.body, seen);
    duplicates += copies.length;
    if (body.length === 0) continue;
    const owner = ownerOf(owners, fragment);
    const group = groups.get(owner) ?? { fragment, bodies: [] };
    group.bodies.push(body);
    groups.set(owner, group);
  }
  const out = new Arena(fragments.reduce((sum, { body }) => sum + body.length + 1024, 0));
  for (const { fragment, bodies } of groups.values()) writeResourceSpans(out, fragment, bodies);
  return { bytes: out.bytes.slice(0, out.length), duplicates };
}

function ownerOf(owners: ByteInterner, { resource, schemaUrl }: Fragment): number {
  const key = new Arena(resource.length + schemaUrl.length * 3 + 5);
  key.pushVarint(resource.length);
  key.push(resource, 0, resource.length);
  key.pushText(schemaUrl);
  return owners.intern(0, key.bytes, key.view, 0, key.length);
}

export interface FirstSpans {
  /** Without the copies; empty if nothing else was in it. */
  readonly body: Uint8Array;
  /** Spans that were in it, copies included. */
  readonly spans: number;
  /** Which of them, counted from 0, are copies. */
  readonly copies: readonly number[];
}

/** Leaves out the Span messages that `seen` holds, and adds the others to it. */
export function keepFirst(body: Uint8Array, seen: ByteInterner): FirstSpans {
  const copies: number[] = [];
  const copiesFrom = new Set<number>();
  let spans = 0;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  forEachField(body, 0, body.length, (_field, scopeFrom, scopeTo) => {
    forEachField(body, scopeFrom, scopeTo, (field, from, to) => {
      if (field !== SPAN_FIELD) return;
      seen.intern(0, body, view, from, to);
      if (!seen.added) {
        copies.push(spans);
        copiesFrom.add(from);
      }
      spans++;
    });
  });
  return { body: copies.length === 0 ? body : withoutCopies(body, copiesFrom), spans, copies };
}

function withoutCopies(body: Uint8Array, copies: ReadonlySet<number>): Uint8Array {
  const out = new Arena(body.length);
  forEachField(body, 0, body.length, (_field, scopeFrom, scopeTo) => {
    const kept = new Arena(scopeTo - scopeFrom);
    let spans = 0;
    forEachField(body, scopeFrom, scopeTo, (field, from, to) => {
      if (field === SPAN_FIELD && copies.has(from)) return;
      if (field === SPAN_FIELD) spans++;
      writeField(kept, (field << 3) | 2, body.subarray(from, to));
    });
    if (spans > 0) writeField(out, SCOPE_SPANS_TAG, kept.bytes.subarray(0, kept.length));
  });
  return out.bytes.subarray(0, out.length);
}

/** Appends a ResourceSpans field of TracesData. */
function writeResourceSpans(out: Arena, owner: Owner, bodies: readonly Uint8Array[]): void {
  const { head, tail } = resourceSpansAround(owner, sum(bodies));
  for (const bytes of [head, ...bodies, tail]) out.push(bytes, 0, bytes.length);
}

/** What stands before and after bodies of `bodyBytes` together to make a ResourceSpans field of TracesData of them. */
export function resourceSpansAround(owner: Owner, bodyBytes: number): { head: Uint8Array; tail: Uint8Array } {
  const { resource } = owner;
  const url = encoder.encode(owner.schemaUrl);
  const out = new Arena(resource.length + url.length + 24);
  out.pushByte(RESOURCE_SPANS_TAG);
  out.pushVarint(contentSize(owner, url.length, bodyBytes));
  if (resource.length > 0) writeField(out, RESOURCE_TAG, resource);
  const headLength = out.length;
  if (url.length > 0) writeField(out, SCHEMA_URL_TAG, url);
  return { head: out.bytes.subarray(0, headLength), tail: out.bytes.subarray(headLength, out.length) };
}

/** Length of that field, tag included, for bodies of `bodyBytes` together. */
export function resourceSpansSize(owner: Owner, bodyBytes: number): number {
  const size = contentSize(owner, encoder.encode(owner.schemaUrl).length, bodyBytes);
  return 1 + varintSize(size) + size;
}

function contentSize({ resource }: Owner, urlLength: number, bodyBytes: number): number {
  let size = bodyBytes;
  if (resource.length > 0) size += 1 + varintSize(resource.length) + resource.length;
  if (urlLength > 0) size += 1 + varintSize(urlLength) + urlLength;
  return size;
}

function sum(bodies: readonly Uint8Array[]): number {
  return bodies.reduce((total, body) => total + body.length, 0);
}

function writeField(out: Arena, tag: number, bytes: Uint8Array): void {
  out.pushByte(tag);
  out.pushVarint(bytes.length);
  out.push(bytes, 0, bytes.length);
}

/** The fields of a message that the store itself framed: all are length-delimited. */
function forEachField(
  bytes: Uint8Array,
  from: number,
  to: number,
  visit: (field: number, from: number, to: number) => void,
): void {
  const cursor = new WireCursor();
  cursor.open(bytes, from, to);
  while (cursor.next()) visit(cursor.field, cursor.from, cursor.to);
}
