import fc from 'fast-check';
import { readDrawing } from '#domain/testing/drawing.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';

const BASE = 1_760_000_000_000_000_000n;

/** Forests of up to 40 spans with missing parents, children outside their parents, instants and negative durations. */
export const randomTrace: fc.Arbitrary<TraceTable> = forest(i => `span ${i}`);

/** As `randomTrace`, with few names and shallow trees, so that siblings repeat. */
export const repeatingTrace: fc.Arbitrary<TraceTable> = forest(i => (i % 5 === 0 ? 'rare' : 'often'), 4);

function forest(nameOf: (i: number) => string, parents = 40): fc.Arbitrary<TraceTable> {
  return fc
    .array(
      fc.record({
        parent: fc.integer({ min: -3, max: parents - 1 }),
        startUs: fc.integer({ min: 0, max: 1_000_000 }),
        durationUs: fc.oneof(fc.constant(0), fc.integer({ min: -1000, max: 500_000 })),
        service: fc.constantFrom('cart', 'payment', ''),
        failed: fc.boolean(),
        kind: fc.integer({ min: 0, max: 5 }),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map(spans =>
      tableOfSpans(
        spans.map((span, i): PlainSpan => {
          const start = BASE + BigInt(span.startUs) * 1000n;
          return {
            traceId: '0123456789abcdef0123456789abcdef',
            spanId: hex(i + 1),
            // -3 … -2 name parents that are not there; parents come before their children, so there is no cycle.
            parentSpanId:
              span.parent < -1
                ? hex(9000 - span.parent)
                : span.parent < 0 || span.parent >= i
                  ? ''
                  : hex(span.parent + 1),
            name: nameOf(i),
            kind: span.kind,
            startUnixNano: start,
            endUnixNano: start + BigInt(span.durationUs) * 1000n,
            resource: {
              attributes:
                span.service === '' ? [] : [{ key: 'service.name', value: { type: 'string', value: span.service } }],
            },
            statusCode: span.failed ? 2 : 0,
          };
        }),
      ),
    );
}

/** A storefront in miniature: depth, an error, a queue hop, an orphan, an event. */
export const CHECKOUT = tableOfSpans(
  readDrawing(`
    storefront  POST /checkout @server      |----------------------------|
    auth          GET /session @server       |--|
    checkout      POST /orders @server           |-----------------|
    payment         POST /charge !timeout #c4      |----*----|
    payment         POST /charge #c5                           |--|
    checkout        publish @producer                               |
    mail              send @consumer                                      |-------|
    -             render                                            |--|
    ledger      POST /entries ^b2                  |----|
    ledger        INSERT entries                    |--|
  `),
);

/** The row with this name. */
export function rowNamed(table: TraceTable, name: string): number {
  for (let row = 0; row < table.length; row++) if (table.strings.at(table.name[row]) === name) return row;
  throw new Error(`no span is named ${name}`);
}

function hex(value: number): string {
  return value.toString(16).padStart(16, '0');
}
