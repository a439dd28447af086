import { Arena } from '#server/store/append/arena.ts';
import { ByteInterner } from '#server/store/append/byte-interner.ts';
import { FixedColumn } from '#server/store/append/columns.ts';
import { packKeptBlock } from '#server/store/block-codec.ts';
import { keepFirst } from '#server/store/read/assemble-trace.ts';

/** A block ends behind the trace that fills it, or within one that would make it twice as large. */
const BLOCK_BYTES = 128 * 1024;
const LARGEST_BLOCK_BYTES = 2 * BLOCK_BYTES;

/** One fragment of a segment that is being compacted. */
export interface SourceFragment {
  readonly resource: number;
  readonly startNs: bigint;
  /** ScopeSpans fields. */
  readonly body: Uint8Array;
}

/** A span that is not kept: it is the `place`-th of its trace and resource in order of arrival, from 0. */
export interface Copy {
  readonly trace: number;
  readonly resource: number;
  readonly place: number;
}

/** Puts the bodies of whole traces into large blocks and leaves out spans that came before with the same bytes. */
export class BodyPacker {
  /** One row for each trace × resource, cut where a block ends. */
  readonly fragments = {
    trace: new FixedColumn(4),
    startNs: new FixedColumn(8),
    resource: new FixedColumn(4),
    block: new FixedColumn(4),
    at: new FixedColumn(4),
    length: new FixedColumn(4),
  };
  /** Spans kept so far. */
  spans = 0;
  copies: Copy[] = [];
  #blocks: { readonly id: number; readonly body: Uint8Array }[] = [];
  #nextBlock = 1;
  readonly #raw = new Arena(LARGEST_BLOCK_BYTES);
  readonly #seen = new ByteInterner(0);
  #packing: Promise<void> = Promise.resolve();

  /** All fragments of one trace, in order of arrival. */
  async add(trace: number, fragments: readonly SourceFragment[]): Promise<void> {
    this.#seen.truncate(0);
    const kept = new Map<number, SourceFragment[]>();
    const places = new Map<number, number>();
    for (const { resource, startNs, body } of fragments) {
      const first = keepFirst(body, this.#seen);
      const place = places.get(resource) ?? 0;
      for (const copy of first.copies) this.copies.push({ trace, resource, place: place + copy });
      places.set(resource, place + first.spans);
      this.spans += first.spans - first.copies.length;
      if (first.body.length === 0) continue;
      const fragment = { resource, startNs, body: first.body };
      const group = kept.get(resource);
      if (group === undefined) kept.set(resource, [fragment]);
      else group.push(fragment);
    }
    for (const group of kept.values()) await this.#addGroup(trace, group);
    if (this.#raw.length >= BLOCK_BYTES) await this.#seal();
  }

  async #addGroup(trace: number, group: readonly SourceFragment[]): Promise<void> {
    let from = this.#raw.length;
    let startNs = group[0].startNs;
    for (const { startNs: start, resource, body } of group) {
      if (this.#raw.length > 0 && this.#raw.length + body.length > LARGEST_BLOCK_BYTES) {
        if (this.#raw.length > from) this.#pushRow(trace, startNs, resource, from);
        await this.#seal();
        from = 0;
        startNs = start;
      }
      if (start < startNs) startNs = start;
      this.#raw.push(body, 0, body.length);
    }
    this.#pushRow(trace, startNs, group[0].resource, from);
  }

  #pushRow(trace: number, startNs: bigint, resource: number, from: number): void {
    const { fragments } = this;
    fragments.trace.push32(trace);
    fragments.startNs.push64(Number(startNs & 0xffff_ffffn), Number((startNs >> 32n) & 0xffff_ffffn));
    fragments.resource.push32(resource);
    fragments.block.push32(this.#nextBlock);
    fragments.at.push32(from);
    fragments.length.push32(this.#raw.length - from);
  }

  /** Compresses on a thread of the pool; one block at a time, so that memory stays bounded. */
  async #seal(): Promise<void> {
    await this.#packing;
    const id = this.#nextBlock++;
    const raw = this.#raw.bytes.slice(0, this.#raw.length);
    this.#raw.clear();
    this.#packing = packKeptBlock(raw).then(body => {
      this.#blocks.push({ id, body });
    });
    // Whoever awaits it next hears of a failure.
    this.#packing.catch(() => undefined);
  }

  /** The blocks since the last call, all of them complete: what comes next goes into new ones. */
  async takeBlocks(): Promise<readonly { readonly id: number; readonly body: Uint8Array }[]> {
    if (this.#raw.length > 0) await this.#seal();
    await this.#packing;
    const taken = this.#blocks;
    this.#blocks = [];
    return taken;
  }
}
