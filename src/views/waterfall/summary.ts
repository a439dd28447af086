import { criticalPath } from '#domain/analysis/critical-path.ts';
import { durationText } from '#domain/format/duration.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { formatInstant } from '#domain/time/clock.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { damageOf } from './damage.ts';
import { traceFacts } from './facts.ts';
import { NO_SERVICE, operationName, serviceName } from './names.ts';
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
    `${serviceName(shape, facts.rootRow)} ${operationName(shape, facts.rootRow)}: ${durationText(table.spanDurationNs[facts.rootRow])}, ${formatInstant(start, zone, 'full')}.`,
    `${formatCount(table.length)} spans in ${formatCount(facts.serviceCount)} services, depth ${facts.levels}, ${formatCount(facts.errorRows.length)} errors. Trace ${table.traceId}.`,
    whereTimeWent(model),
    ...whereItFailed(model),
    ...damageOf(shape).map(damage => `${damage.count} ${damage.text}.`),
  ];
  return lines.filter(line => line !== '').join('\n');
}

function whereTimeWent(model: WaterfallModel): string {
  const { table } = model;
  const path = model.store.get().path ?? criticalPath(table);
  const byService = new Map<string, number>();
  let total = 0;
  for (let i = 0; i < path.row.length; i++) {
    const ns = path.toNs[i] - path.fromNs[i];
    const service = serviceOf(table, path.row[i]) || NO_SERVICE;
    byService.set(service, (byService.get(service) ?? 0) + ns);
    total += ns;
  }
  if (total === 0) return '';
  const parts = [...byService]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_SERVICES)
    .map(([service, ns]) => `${service} ${durationText(ns)} (${formatPercent(ns / total)})`);
  return `Critical path: ${parts.join(', ')}.`;
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
