import type { TraceId } from '#domain/ids.ts';
import { assembleTable } from '#domain/trace/assemble-table.ts';
import { ByteStrings } from '#domain/trace/byte-strings.ts';
import type { PlainScope, PlainSpan } from '#domain/trace/plain-span.ts';
import { resourceRow } from '#domain/trace/resource-row.ts';
import { SpanColumns, setPair } from '#domain/trace/span-columns.ts';
import { type SpanDetails, scalarText } from '#domain/trace/span-details.ts';
import {
  type Attribute,
  OTHER_ENUM,
  type ScopeRow,
  SpanKind,
  StatusCode,
  type TraceTable,
} from '#domain/trace/trace-table.ts';

/** The table of plain spans of one trace, as the decoder would build it from their bytes. */
export function tableOfSpans(plain: readonly PlainSpan[]): TraceTable {
  const spans = new SpanColumns();
  const strings = new ByteStrings(() => '');
  const resources = distinct(
    plain.map(({ resource: { attributes, schemaUrl = '', droppedAttributes = 0 } }) =>
      resourceRow(attributes, schemaUrl, droppedAttributes),
    ),
  );
  const scopes = distinct(plain.map(span => scopeRow(span.scope)));
  for (const [i, span] of plain.entries()) {
    spans.add();
    setPair(spans.spanId, i, idBits(span.spanId));
    setPair(spans.parentSpanId, i, idBits(span.parentSpanId));
    setPair(spans.start, i, span.startUnixNano);
    setPair(spans.end, i, span.endUnixNano);
    spans.name[i] = strings.internText(span.name);
    spans.statusMessage[i] = strings.internText(span.statusMessage ?? '');
    spans.traceState[i] = strings.internText(span.traceState ?? '');
    spans.resource[i] = resources.indexOf[i];
    spans.scope[i] = scopes.indexOf[i];
    spans.kind[i] = known(span.kind, SpanKind.consumer);
    spans.status[i] = known(span.statusCode ?? 0, StatusCode.error);
    spans.w3cFlags[i] = span.flags ?? 0;
    spans.droppedAttributes[i] = span.droppedAttributes ?? 0;
    spans.droppedEvents[i] = span.droppedEvents ?? 0;
    spans.droppedLinks[i] = span.droppedLinks ?? 0;
    for (const event of span.events ?? []) {
      const at = spans.addEvent();
      setPair(spans.eventTime, at, event.timeUnixNano);
      spans.eventName[at] = strings.internText(event.name);
    }
    for (const link of span.links ?? []) {
      const at = spans.addLink();
      const traceId = idBits(link.traceId);
      setPair(spans.linkTraceIdHi, at, traceId >> 64n);
      setPair(spans.linkTraceIdLo, at, traceId & 0xffff_ffff_ffff_ffffn);
      setPair(spans.linkSpanId, at, idBits(link.spanId));
    }
  }
  const contents = plain.map(contentOf);
  return assembleTable({
    traceId: (plain[0]?.traceId ?? '0'.repeat(32)) as TraceId,
    spans,
    strings: strings.table(),
    resources: resources.rows,
    scopes: scopes.rows,
    partial: undefined,
    compareContent: (a, b) => (contents[a] === contents[b] ? 0 : contents[a] < contents[b] ? -1 : 1),
    detailsOf: order => plainDetails(Array.from(order, i => plain[i])),
  });
}

function plainDetails(spans: readonly PlainSpan[]): SpanDetails {
  return {
    span: async row => ({
      attributes: spans[row].attributes ?? [],
      events: (spans[row].events ?? []).map(event => ({
        attributes: event.attributes ?? [],
        droppedAttributes: event.droppedAttributes ?? 0,
      })),
      links: (spans[row].links ?? []).map(link => ({
        attributes: link.attributes ?? [],
        traceState: link.traceState ?? '',
        droppedAttributes: link.droppedAttributes ?? 0,
      })),
      kind: spans[row].kind,
      statusCode: spans[row].statusCode ?? 0,
    }),
    rawJson: async row => contentOf(spans[row]),
    otlp: () => Promise.reject(new Error('plain spans have no bytes')),
    column: async key => {
      const found = spans.map(span => span.attributes?.findLast(attribute => attribute.key === key)?.value);
      const texts = found.map(value => (value === undefined ? undefined : jsonOf(value)));
      const values = [...new Map(texts.map((text, i) => [text, found[i]])).entries()].filter(
        ([text]) => text !== undefined,
      );
      const index = Int32Array.from(texts, text => values.findIndex(([other]) => other === text));
      return { index, values: values.map(([, value]) => value as Attribute['value']) };
    },
    match: async terms =>
      terms.map(term =>
        Uint8Array.from(spans, ({ attributes = [], events = [], links = [] }) => {
          if (term.type === 'attribute') {
            return attributes.some(({ key, value }) => key === term.key && scalarText(value) === term.value) ? 1 : 0;
          }
          const all = [...attributes, ...[...events, ...links].flatMap(each => each.attributes ?? [])];
          const texts = all.flatMap(({ key, value }) => [key, scalarText(value) ?? '']);
          return texts.some(text => text.toLowerCase().includes(term.text)) ? 1 : 0;
        }),
      ),
    release: () => undefined,
  };
}

function scopeRow(scope: PlainScope | undefined): ScopeRow {
  const { name = '', version = '', schemaUrl = '', attributes = [], droppedAttributes = 0 } = scope ?? {};
  return { name, version, schemaUrl, attributes, droppedAttributes };
}

function distinct<Row>(rows: readonly Row[]): { rows: Row[]; indexOf: number[] } {
  const at = new Map<string, number>();
  const kept: Row[] = [];
  const indexOf = rows.map(row => {
    const key = jsonOf(row);
    const known = at.get(key);
    if (known !== undefined) return known;
    at.set(key, kept.length);
    return kept.push(row) - 1;
  });
  return { rows: kept, indexOf };
}

function contentOf(span: PlainSpan): string {
  return jsonOf(span);
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part), 2);
}

function idBits(hex: string): bigint {
  return hex === '' ? 0n : BigInt(`0x${hex}`);
}

function known(value: number, highest: number): number {
  return value >= 0 && value <= highest ? value : OTHER_ENUM;
}
