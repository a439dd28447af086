import type { Pin } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { usePins } from '#state/store/use-store-page.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { useZone } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { Section } from './Section.tsx';
import { type Column, SortableTable } from './SortableTable.tsx';

const LATEST = { key: 'at', isDescending: true } as const;

/** Traces that retention keeps; nothing where there are none. */
export function Pins() {
  const zone = useZone();
  const href = useHref();
  const follow = useFollow();
  const { pins, unpin, error } = usePins();
  if (pins.length === 0) return null;
  const columns: readonly Column<Pin>[] = [
    {
      key: 'trace',
      title: 'Trace',
      value: ({ traceId }) => traceId,
      cell: ({ traceId }) => (
        <a className="mono" href={href({ page: { name: 'trace', traceId: traceId as TraceId } })} onClick={follow}>
          {traceId}
        </a>
      ),
    },
    {
      key: 'at',
      title: 'Pinned',
      value: ({ atUnixMs }) => atUnixMs,
      cell: ({ atUnixMs }) => formatInstant(BigInt(atUnixMs) * 1_000_000n, zone, 'full'),
    },
    {
      key: 'unpin',
      title: 'Pin',
      value: () => undefined,
      cell: ({ id, traceId }) => (
        <Button kind="quiet" onClick={() => unpin(id)} aria-label={`Give up the pin of ${traceId}`}>
          Unpin
        </Button>
      ),
    },
  ];
  return (
    <Section title="Pinned traces" lead="A trace beyond retention goes at once when its pin is given up.">
      {error !== null && <p className="err t12">{error.message}</p>}
      <SortableTable label="Pinned traces" rows={pins} rowKey={({ id }) => id} columns={columns} first={LATEST} />
    </Section>
  );
}
