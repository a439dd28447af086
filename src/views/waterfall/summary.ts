import { pathShares } from '#domain/analysis/path-shares.ts';
import { traceLength } from '#domain/analysis/trace-length.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { formatInstant } from '#domain/time/clock.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import { serviceLabel } from '#domain/trace/span-names.ts';
import { traceFacts } from './facts.ts';
import { findingsOf, findingText } from './findings.ts';
import { errorCount, operationName, serviceName } from './names.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const MOST_SERVICES = 5;
const MOST_ERRORS = 5;

/** The trace in plain sentences: what ran, how long, where the time went, where it failed, what is missing. */
export function traceSummary(model: WaterfallModel, zone: TimeZoneChoice): string {
  const { table, shape } = model;
  const facts = traceFacts(table);
  if (facts.rootRow < 0) return `Trace ${table.traceId} has no spans.`;
  const start = table.baseUnixNano + BigInt(Math.round(table.startNs[facts.rootRow]));
  const lines = [
    `${serviceName(shape, facts.rootRow)} ${operationName(shape, facts.rootRow)}: ${lengthOf(model)}, ${formatInstant(start, zone, 'full')}.`,
    `${formatCount(table.length)} spans in ${formatCount(facts.serviceCount)} services, depth ${facts.levels}, ${errorCount(facts.errorRows.length)}. Trace ${table.traceId}.`,
    whereTimeWent(model),
    ...whereItFailed(model),
    ...findingsOf(model, undefined, model.store.get().retry).map(finding => `${findingText(finding)}.`),
  ];
  return lines.filter(line => line !== '').join('\n');
}

/** Without its root a trace took at least as long as what is there. */
function lengthOf({ table }: WaterfallModel): string {
  const { ns, isBound } = traceLength(table);
  return isBound ? `at least ${durationText(ns)}, its root was not received` : durationText(ns);
}

function whereTimeWent(model: WaterfallModel): string {
  const { path } = model.store.get();
  const parts = (path === undefined ? [] : pathShares(model.table, path))
    .slice(0, MOST_SERVICES)
    .map(({ service, ns, share }) => `${serviceLabel(service)} ${durationText(ns)} (${formatPercent(share)})`);
  return parts.length === 0 ? '' : `Critical path: ${parts.join(', ')}.`;
}

function whereItFailed({ table, shape }: WaterfallModel): string[] {
  const { errorRows } = traceFacts(table);
  const lines = Array.from(errorRows.subarray(0, MOST_ERRORS), row => {
    const message = table.strings.at(table.statusMessage[row]);
    const why = message === '' ? '' : `: ${message}`;
    return `Error in ${serviceName(shape, row)} ${operationName(shape, row)}, ${durationText(table.spanDurationNs[row])}${why}`;
  });
  const more = errorRows.length - lines.length;
  return more > 0 ? [...lines, `and ${formatCount(more)} more errors`] : lines;
}
