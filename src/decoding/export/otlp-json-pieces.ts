import { protoToOtlpJson } from '#decoding/otlp/otlp-to-json.ts';
import { arrivedSpans, spansToTraces } from '#decoding/otlp/spans-to-traces.ts';
import type { WireRanges } from '#domain/trace/wire-reader.ts';
import type { FilePieces } from './file-pieces.ts';
import { spanRuns } from './span-runs.ts';

const OPEN = '{"resourceSpans":[';
const CLOSE = ']}';

/**
 * OTLP/JSON as the specification has it (hex ids, 64-bit numbers as strings, enums as numbers), of all spans as they came,
 * identical copies included: what was decoded from bytes is in it whole. Runs repeat the resource they belong to.
 */
export function* otlpJsonPieces(wire: WireRanges): FilePieces {
  const all = arrivedSpans(wire);
  let between = OPEN;
  for (const [from, to] of spanRuns(all)) {
    const run = spansToTraces({
      ...all,
      from: all.from.subarray(from, to),
      to: all.to.subarray(from, to),
      resource: all.resource.subarray(from, to),
      scope: all.scope.subarray(from, to),
    });
    yield { text: between + protoToOtlpJson(run).slice(OPEN.length, -CLOSE.length), spans: to };
    between = ',\n';
  }
  yield { text: between === OPEN ? `${OPEN}${CLOSE}\n` : `${CLOSE}\n`, spans: all.from.length };
}
