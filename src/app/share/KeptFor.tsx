import type { TraceTable } from '#domain/trace/trace-table.ts';
import { FILE_SOURCE_ID } from '#state/files/use-files.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { useZone } from '#state/use-store.ts';
import { instantText } from '#views/shared/pins/pin-text.ts';

/** How long a link to a trace works that nobody pins. */
export function KeptFor({ table: { baseUnixNano } }: { table: TraceTable }) {
  const { config } = useSources();
  const source = useSource();
  const zone = useZone();
  if (source.id === FILE_SOURCE_ID) return <>Works in this browser only, while the file is open: pin it for others.</>;
  if (!source.capabilities.embedded) return <>Works as long as {source.name} keeps the trace.</>;
  const untilMs = Number(baseUnixNano / 1_000_000n) + config.retentionMs;
  return <>Works while the trace is stored, until about {instantText(untilMs, zone)}.</>;
}
