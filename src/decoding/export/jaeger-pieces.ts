import { otlpReader } from '#decoding/otlp/otlp-reader.ts';
import { arrivedSpans } from '#decoding/otlp/spans-to-traces.ts';
import type { ResourceRow, ScopeRow } from '#domain/trace/trace-table.ts';
import type { WireRanges } from '#domain/trace/wire-reader.ts';
import type { FilePieces } from './file-pieces.ts';
import { jaegerSpan } from './jaeger-span.ts';
import { jaegerTags, warningsIn } from './jaeger-tags.ts';
import { readPlainSpan } from './read-plain-span.ts';
import { spanRuns } from './span-runs.ts';

/**
 * Jaeger's JSON of one trace, as its query service and its UI write it; docs/export.md says what its form cannot carry.
 * Every resource is a process.
 */
export function* jaegerPieces(
  wire: WireRanges,
  { traceId, partial }: { readonly traceId: string; readonly partial: string | undefined },
): FilePieces {
  const all = arrivedSpans(wire);
  const scopes = wire.scopes.map(({ message, schemaUrl }) => otlpReader.scope(message, 0, message.length, schemaUrl));
  yield { text: `{"data":[{"traceID":${JSON.stringify(traceId)},"spans":[`, spans: 0 };
  let between = '\n';
  for (const [from, to] of spanRuns(all)) {
    const spans: string[] = [];
    for (let i = from; i < to; i++) {
      const span = readPlainSpan(all.bytes, all.from[i], all.to[i]);
      spans.push(JSON.stringify(jaegerSpan(span, scopes[all.scope[i]], `p${all.resource[i] + 1}`)));
    }
    yield { text: between + spans.join(',\n'), spans: to };
    between = ',\n';
  }
  const processes = wire.resources.map(({ message, schemaUrl }, i) => {
    const resource = otlpReader.resource(message, 0, message.length, schemaUrl);
    return `${JSON.stringify(`p${i + 1}`)}:${JSON.stringify(processOf(resource))}`;
  });
  const warnings = traceWarnings(scopes, partial);
  const end = `"processes":{${processes.join(',\n')}},"warnings":${JSON.stringify(warnings)}}]`;
  yield { text: `],\n${end},"total":0,"limit":0,"offset":0,"errors":null}\n`, spans: all.from.length };
}

function processOf({ serviceName, attributes }: ResourceRow) {
  // A service name that is no text is a tag like others.
  const isName = (key: string): boolean => key === 'service.name' && serviceName !== '';
  return { serviceName, tags: jaegerTags(attributes.filter(({ key }) => !isName(key))) };
}

/** What a back end said of the trace: each sentence once; null for none, as Jaeger has it. */
function traceWarnings(scopes: readonly ScopeRow[], partial: string | undefined): readonly string[] | null {
  const texts = new Set(scopes.flatMap(({ attributes }) => warningsIn(attributes)));
  if (partial !== undefined) texts.add(partial);
  return texts.size === 0 ? null : [...texts];
}
