import { setImmediate } from 'node:timers/promises';
import { decodeTrace } from '#decoding/otlp/decode-trace.ts';
import { factsInSteps } from '#domain/analysis/trace-facts.ts';
import type { PinSummary } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { serviceOf } from '#domain/trace/service-of.ts';

const MAX_TEXT = 500;

/** The trace in one line, as its page's header has it. The error says what is wrong with the bytes. */
export async function pinSummary(traceId: TraceId, otlp: Uint8Array): Promise<Result<PinSummary, string>> {
  const decoded = decodeTrace(traceId, otlp);
  if (!decoded.ok) return err(`at byte ${decoded.error.offset}: ${decoded.error.message}`);
  const table = decoded.value;
  const steps = factsInSteps(table);
  let step = steps.next();
  while (!step.done) {
    await setImmediate();
    step = steps.next();
  }
  const { rootRow, serviceCount, errorRows } = step.value;
  if (rootRow < 0) return err('it holds no span');
  const start = table.baseUnixNano + BigInt(Math.round(table.startNs[rootRow]));
  return ok({
    rootName: table.strings.at(table.name[rootRow]).slice(0, MAX_TEXT),
    rootService: serviceOf(table, rootRow).slice(0, MAX_TEXT),
    startUnixNano: String(start < 0n ? 0n : start),
    durationNs: table.spanDurationNs[rootRow],
    spans: table.length,
    services: serviceCount,
    errors: errorRows.length,
  });
}
