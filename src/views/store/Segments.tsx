import { useMemo } from 'react';
import type { SegmentDetails, StoreDetails, StoreVolume } from '#domain/api/store-api.ts';
import { formatBytes, formatCount, UNKNOWN } from '#domain/format/number.ts';
import { formatRange } from '#domain/time/clock.ts';
import { useZone } from '#state/use-store.ts';
import { type Column, SortableTable } from '#views/shared/SortableTable.tsx';
import { Section } from './Section.tsx';
import { unixMsOf } from './texts.ts';

interface Row extends SegmentDetails {
  /** In the file, as far as it is known. */
  readonly bytes: number | undefined;
}

const NEWEST = { key: 'id', isDescending: true } as const;

/** The parts the store is made of, which retention drops as a whole. */
export function Segments({ details, volume }: { details: StoreDetails; volume: StoreVolume | undefined }) {
  const zone = useZone();
  const { segments, atUnixMs } = details;
  const rows = useMemo(() => {
    const bytes = new Map(volume?.segments.map(({ id, diskBytes }) => [id, diskBytes]));
    return segments.map((segment): Row => ({ ...segment, bytes: bytes.get(segment.id) || undefined }));
  }, [segments, volume]);
  const columns: readonly Column<Row>[] = [
    { key: 'id', title: 'Segment', value: ({ id }) => id, cell: ({ id }) => id },
    { key: 'origin', title: 'Origin', value: ({ origin }) => origin, cell: ({ origin }) => origin },
    {
      key: 'state',
      title: 'State',
      value: ({ state }) => state,
      cell: ({ state }) => <span className={state === 'damaged' ? 'err' : ''}>{state}</span>,
    },
    {
      key: 'from',
      title: 'Times of its spans',
      value: ({ fromUnixNano }) => (fromUnixNano === undefined ? undefined : BigInt(fromUnixNano)),
      cell: ({ fromUnixNano, toUnixNano }) => {
        const [from, to] = [unixMsOf(fromUnixNano), unixMsOf(toUnixNano)];
        return from === undefined || to === undefined ? UNKNOWN : formatRange(from, to, zone, atUnixMs);
      },
    },
    {
      key: 'spans',
      title: 'Spans',
      isNumber: true,
      value: ({ spans }) => spans,
      cell: ({ spans }) => formatCount(spans),
    },
    {
      key: 'bytes',
      title: 'On disk',
      isNumber: true,
      tip: 'Blocks of the file, read once a minute; what is only in the log is not in it',
      value: ({ bytes }) => bytes,
      cell: ({ bytes }) => (bytes === undefined ? UNKNOWN : formatBytes(bytes)),
    },
    {
      key: 'per-span',
      title: 'Per span',
      isNumber: true,
      value: ({ bytes, spans }) => (bytes === undefined || spans === 0 ? undefined : bytes / spans),
      cell: ({ bytes, spans }) => (bytes === undefined || spans === 0 ? UNKNOWN : formatBytes(bytes / spans)),
    },
  ];
  return (
    <Section title="Segments">
      {rows.length === 0 ? (
        <p className="sec t12">The first span opens the first segment.</p>
      ) : (
        <SortableTable label="Segments" rows={rows} rowKey={({ id }) => id} columns={columns} first={NEWEST} />
      )}
    </Section>
  );
}
