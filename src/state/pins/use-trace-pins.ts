import { useQuery } from '@tanstack/react-query';
import type { Pin } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import { pinsQuery } from '#state/queries.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { useUrl } from '#state/url/use-url.ts';
import { usePin } from './use-pin.ts';

export interface TracePins {
  /** Of this trace, read from this source; newest first. */
  readonly pins: readonly Pin[];
  /** False until they are known. */
  readonly isKnown: boolean;
}

/** The pins of the trace that is open. Undefined where no server keeps pins. */
export function useTracePins(traceId: TraceId): TracePins | undefined {
  const { hasServer, server } = useSources();
  const { pin } = useUrl();
  const shown = usePin(pin).answer;
  const source = useSource();
  const { data } = useQuery({ ...pinsQuery(server, { find: '', traceId }), enabled: hasServer });
  if (!hasServer) return undefined;
  // Of a copy, its source may be one that only its maker had.
  const sourceId = shown?.state === 'kept' ? shown.pin.source : source.id;
  const pins = data?.pins.filter(each => each.source === sourceId && each.traceId === traceId) ?? [];
  return { pins, isKnown: data !== undefined };
}
