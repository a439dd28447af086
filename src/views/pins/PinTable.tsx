import type { Pin, PinList } from '#domain/api/pin-api.ts';
import { formatBytes, formatCount, formatCountCell } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { formatInstant, formatRowTime } from '#domain/time/clock.ts';
import { sessionStore } from '#state/session-store.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { useZone } from '#state/use-store.ts';
import { DurationText } from '#views/shared/DurationText.tsx';
import { instantText } from '#views/shared/pins/pin-text.ts';
import { Unpin } from '#views/shared/pins/Unpin.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { type Column, SortableTable } from '#views/shared/SortableTable.tsx';
import { ExpiryMenu } from './ExpiryMenu.tsx';
import { NoteCell } from './NoteCell.tsx';

const NEWEST = { key: 'at', isDescending: true } as const;

/** One row a pin: what it is, what was written to it, whose it is, what it takes. */
export function PinTable({ list }: { list: PinList }) {
  const zone = useZone();
  const { nowMs } = sessionStore.getState();
  const columns: readonly Column<Pin>[] = [
    {
      key: 'trace',
      title: 'Trace',
      value: ({ summary }) => `${summary.rootService} ${summary.rootName}`,
      cell: pin => <TraceLink pin={pin} />,
    },
    { key: 'note', title: 'Note', value: ({ note }) => note, cell: pin => <NoteCell pin={pin} /> },
    {
      key: 'source',
      title: 'Source',
      value: ({ sourceName }) => sourceName,
      cell: ({ sourceName }) => <bdi>{visibleText(sourceName)}</bdi>,
    },
    { key: 'by', title: 'By', value: ({ by }) => by, cell: ({ by }) => <bdi>{visibleText(by) || '·'}</bdi> },
    {
      key: 'at',
      title: 'Pinned',
      isNumber: true,
      value: ({ atUnixMs }) => atUnixMs,
      cell: ({ atUnixMs }) => (
        <span data-tip={instantText(atUnixMs, zone)}>{formatRowTime(nanoOf(atUnixMs), zone, nowMs)}</span>
      ),
    },
    {
      key: 'until',
      title: 'Kept until',
      value: ({ expiresUnixMs }) => expiresUnixMs ?? Number.MAX_SAFE_INTEGER,
      cell: pin => <ExpiryMenu pin={pin} />,
    },
    {
      key: 'start',
      title: 'Start of the trace',
      isNumber: true,
      value: ({ summary }) => BigInt(summary.startUnixNano),
      cell: ({ summary }) => (
        <span data-tip={formatInstant(BigInt(summary.startUnixNano), zone, 'full')}>
          {formatRowTime(BigInt(summary.startUnixNano), zone, nowMs)}
        </span>
      ),
    },
    {
      key: 'duration',
      title: 'Duration',
      isNumber: true,
      value: ({ summary }) => summary.durationNs,
      cell: ({ summary }) => <DurationText ns={summary.durationNs} />,
    },
    {
      key: 'spans',
      title: 'Spans',
      isNumber: true,
      value: ({ summary }) => summary.spans,
      cell: ({ summary }) => formatCount(summary.spans),
    },
    {
      key: 'errors',
      title: 'Errors',
      isNumber: true,
      value: ({ summary }) => summary.errors,
      cell: ({ summary }) => (
        <span className={summary.errors > 0 ? 'err strong' : 'mut'}>{formatCountCell(summary.errors)}</span>
      ),
    },
    {
      key: 'size',
      title: 'Size',
      isNumber: true,
      value: ({ bytes }) => bytes,
      cell: ({ bytes }) => formatBytes(bytes),
    },
    { key: 'unpin', title: 'Remove', value: () => undefined, cell: pin => <Unpin pin={pin} /> },
  ];
  const { pins, matching } = list;
  return (
    <>
      <SortableTable
        label="Pins"
        rows={pins}
        rowKey={({ id }) => id}
        columns={columns}
        first={NEWEST}
        firstRows={pins.length}
      />
      {matching > pins.length && (
        <p className="sec t12">
          The newest {formatCount(pins.length)} of {formatCount(matching)} are shown; find the others by their words.
        </p>
      )}
    </>
  );
}

function TraceLink({ pin }: { pin: Pin }) {
  const href = useHref();
  const follow = useFollow();
  const { rootService, rootName } = pin.summary;
  return (
    <a
      className="pins-trace"
      href={href({ page: { name: 'pin', id: pin.id } })}
      onClick={follow}
      data-tip={pin.traceId}
    >
      <ServiceKey service={rootService} />
      <bdi className="sec">{visibleText(rootService) || 'no service name'}</bdi>
      <bdi>{visibleText(rootName) || 'no operation name'}</bdi>
    </a>
  );
}

function nanoOf(unixMs: number): bigint {
  return BigInt(Math.floor(unixMs)) * 1_000_000n;
}
