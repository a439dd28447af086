import { durationText, offsetText } from '#domain/format/duration.ts';
import { codeCell, codeSpan, markdownLink, markdownTable } from '#domain/format/markdown.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { cutEnd } from '#domain/format/text.ts';
import { spanIdOf } from '#domain/ids.ts';
import { formatInstant } from '#domain/time/clock.ts';
import type { TimeZoneChoice } from '#domain/time/zone.ts';
import { operationText, serviceLabel, serviceText } from '#domain/trace/span-names.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { CriticalPath } from './critical-path.ts';
import { pathShares } from './path-shares.ts';
import { prepared } from './prepared-trace.ts';
import { type SlowSpan, slowestInSteps } from './slowest-spans.ts';
import type { Steps } from './steps.ts';
import { traceLength } from './trace-length.ts';

const MOST_SERVICES = 10;
const MOST_SPANS = 10;
const MOST_ERRORS = 20;
/** Messages are cut here; the trace has them whole. */
const MAX_MESSAGE = 200;

/** A trace in one line of plain text, in two parts; names in it are one line with nothing hidden, but not escaped. */
export interface TraceLine {
  /** `storefront POST /api/checkout` */
  readonly title: string;
  /** `2.84 s, 173 spans in 12 services, 3 errors, Thu 17 Sep 2026, 14:12:07.318 UTC` */
  readonly facts: string;
}

export function traceLine(table: TraceTable, zone: TimeZoneChoice): TraceLine {
  const { rootRow, serviceCount, errorRows } = prepared(table).facts;
  if (rootRow < 0) return { title: `Trace ${table.traceId}`, facts: 'no spans' };
  const start = table.baseUnixNano + BigInt(Math.round(table.startNs[rootRow]));
  const { ns, isBound } = traceLength(table);
  return {
    title: `${serviceText(table, rootRow)} ${operationText(table, rootRow)}`,
    facts: [
      isBound ? `at least ${durationText(ns)}` : durationText(ns),
      `${counted(table.length, 'span')} in ${counted(serviceCount, 'service')}`,
      errorRows.length === 0 ? 'no errors' : counted(errorRows.length, 'error'),
      formatInstant(start, zone, 'full'),
    ].join(', '),
  };
}

/** The line as Markdown; with `href` its title is a link. Names stand in code spans: nothing in them is markup. */
export function traceLineMarkdown(table: TraceTable, zone: TimeZoneChoice, href?: string): string {
  const { title, facts } = traceLine(table, zone);
  const name = codeSpan(title);
  return `${href === undefined ? name : markdownLink(name, href)}: ${facts}`;
}

export interface TraceMarkdownOptions {
  readonly zone: TimeZoneChoice;
  /** The critical path of the main root, where it is known. */
  readonly path: Pick<CriticalPath, 'row' | 'fromNs' | 'toNs'> | undefined;
  /** Absolute address of the trace. */
  readonly href?: string;
}

/**
 * A trace as a Markdown document: its line, where the time went, the slowest spans, the errors. Linear in the spans.
 * Times are those of the reader's zone.
 */
export function* traceMarkdownInSteps(table: TraceTable, { zone, path, href }: TraceMarkdownOptions): Steps<string> {
  const parts = [
    `# ${codeSpan(traceLine(table, zone).title)}`,
    `${traceLineMarkdown(table, zone, href)}. Trace \`${table.traceId}\`.`,
    table.partial === undefined ? '' : `**Partial.** The source says: ${codeSpan(cutEnd(table.partial, MAX_MESSAGE))}`,
    whereTimeWent(table, path),
    slowest(table, yield* slowestInSteps(table, MOST_SPANS)),
    errors(table),
  ];
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

function whereTimeWent(table: TraceTable, path: TraceMarkdownOptions['path']): string {
  const shares = path === undefined ? [] : pathShares(table, path);
  if (shares.length === 0) return '';
  const rows = shares
    .slice(0, MOST_SERVICES)
    .map(({ service, ns, share }) => [codeCell(serviceLabel(service)), durationText(ns), formatPercent(share)]);
  return [
    '## Where the time went',
    'The critical path by service: how long each one alone decided how long the trace took.',
    markdownTable(['Service', 'Time', 'Share'], rows, [1, 2]),
    more(shares.length - rows.length, 'service'),
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

function slowest(table: TraceTable, spans: readonly SlowSpan[]): string {
  if (spans.length === 0) return '';
  const rows = spans.map(({ row, selfNs }) => [
    ...namesOf(table, row),
    durationText(selfNs),
    durationText(table.spanDurationNs[row]),
    offsetText(table.startNs[row]),
    `\`${spanIdOf(table.spanId[row])}\``,
  ]);
  return [
    '## Slowest spans',
    'By self time: how long a span ran while none of its children did. Starts count from the first span.',
    markdownTable(['Service', 'Operation', 'Self', 'Duration', 'Start', 'Span'], rows, [2, 3, 4]),
  ].join('\n\n');
}

function errors(table: TraceTable): string {
  const { errorRows } = prepared(table).facts;
  if (errorRows.length === 0) return '';
  const rows = Array.from(errorRows.subarray(0, MOST_ERRORS), row => [
    ...namesOf(table, row),
    durationText(table.spanDurationNs[row]),
    offsetText(table.startNs[row]),
    codeCell(cutEnd(table.strings.at(table.statusMessage[row]), MAX_MESSAGE)),
    `\`${spanIdOf(table.spanId[row])}\``,
  ]);
  return [
    '## Errors',
    markdownTable(['Service', 'Operation', 'Duration', 'Start', 'Message', 'Span'], rows, [2, 3]),
    more(errorRows.length - rows.length, 'error'),
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

function namesOf(table: TraceTable, row: number): [string, string] {
  return [codeCell(serviceText(table, row)), codeCell(operationText(table, row))];
}

function more(count: number, what: string): string {
  return count > 0 ? `and ${formatCount(count)} more ${what}${count === 1 ? '' : 's'}` : '';
}

function counted(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
}
