import type { PrunedSegment, StoreDetails } from '#domain/api/store-api.ts';
import { formatBytes, formatCount } from '#domain/format/number.ts';
import { formatInstant, formatRange } from '#domain/time/clock.ts';
import { useZone } from '#state/use-store.ts';
import { type Column, SortableTable } from '#views/shared/SortableTable.tsx';
import { Section } from './Section.tsx';
import { roundLengthText, unixMsOf } from './texts.ts';

const LATEST = { key: 'at', isDescending: true } as const;
const REASONS = { age: 'age', size: 'size', unknown: 'not noted' } as const;

/** What is kept how long, and what went lately. */
export function Retention({ details }: { details: StoreDetails }) {
  const zone = useZone();
  const { ageMs, maxBytes, pruned } = details.retention;
  const bySize =
    maxBytes === undefined
      ? 'There is no limit by size.'
      : `Beyond ${formatBytes(maxBytes)} the oldest segments go first.`;
  const columns: readonly Column<PrunedSegment>[] = [
    {
      key: 'segment',
      title: 'Segment',
      value: ({ segment }) => segment,
      cell: ({ segment }) => segment,
    },
    {
      key: 'at',
      title: 'Pruned',
      value: ({ atUnixMs }) => atUnixMs,
      cell: ({ atUnixMs }) => formatInstant(BigInt(atUnixMs) * 1_000_000n, zone, 'full'),
    },
    { key: 'reason', title: 'By', value: ({ reason }) => reason, cell: ({ reason }) => REASONS[reason] },
    {
      key: 'from',
      title: 'Times of its spans',
      value: ({ fromUnixNano }) => BigInt(fromUnixNano),
      cell: ({ fromUnixNano, toUnixNano }) =>
        formatRange(unixMsOf(fromUnixNano) ?? 0, unixMsOf(toUnixNano) ?? 0, zone, details.atUnixMs),
    },
    {
      key: 'spans',
      title: 'Spans',
      isNumber: true,
      value: ({ spans }) => spans,
      cell: ({ spans }) => formatCount(spans),
    },
  ];
  return (
    <Section
      title="Retention"
      lead={`Spans are kept for ${roundLengthText(ageMs)} after they arrived, a segment at a time. ${bySize} Pinned traces stay.`}
    >
      {pruned.length === 0 ? (
        <p className="sec t12">Nothing has been pruned.</p>
      ) : (
        <SortableTable
          label="What retention pruned last"
          rows={pruned}
          rowKey={({ segment }) => segment}
          columns={columns}
          first={LATEST}
        />
      )}
    </Section>
  );
}
