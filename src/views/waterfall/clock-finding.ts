import { adjustmentOf } from '#domain/analysis/clock-adjustment.ts';
import type { ClockSkew } from '#domain/analysis/clock-skew.ts';
import { offsetText } from '#domain/format/duration.ts';
import { formatCount } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { NO_SERVICE } from '#domain/trace/span-names.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { Finding } from './findings.ts';

/** Resource attributes that name the machine whose clock it is, the best first. */
const HOST_KEYS = ['host.name', 'k8s.pod.name', 'service.instance.id'];

/** Whose clock is off, and by how much: the host with the most such spans, by its median. */
export function skewFinding(table: TraceTable, { row, aheadNs }: ClockSkew): Finding | undefined {
  if (row.length === 0) return undefined;
  const byResource = new Map<number, number[]>();
  for (let i = 0; i < row.length; i++) {
    const known = byResource.get(table.resource[row[i]]);
    if (known === undefined) byResource.set(table.resource[row[i]], [i]);
    else known.push(i);
  }
  const [[resource, skewed]] = [...byResource].sort((a, b) => b[1].length - a[1].length);
  const sorted = Float64Array.from(skewed, i => aheadNs[i]).sort();
  const others = byResource.size - 1;
  return {
    id: 'skew',
    icon: 'clock',
    text: [
      'Clock skew ',
      offsetText(sorted[sorted.length >> 1]),
      ' on ',
      hostName(table, resource),
      `${others === 0 ? '' : ` and ${formatCount(others)} more`}, ${adjustmentOf(table) === undefined ? 'shown, not corrected' : 'adjusted on screen'}`,
    ],
    detail:
      'Likely: these spans stick out of the call that they answer although they are no longer than it. + means that their clock is ahead.',
    entries: () => row,
  };
}

function hostName(table: TraceTable, resource: number): string {
  if (resource < 0) return NO_SERVICE;
  const { attributes, serviceName } = table.resources[resource];
  for (const key of HOST_KEYS) {
    const value = attributes.find(attribute => attribute.key === key)?.value;
    if (value?.type === 'string' && value.value !== '') return visibleText(value.value);
  }
  return serviceName === '' ? NO_SERVICE : visibleText(serviceName);
}
