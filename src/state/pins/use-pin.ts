import { useQuery } from '@tanstack/react-query';
import type { PinAnswer } from '#domain/api/pin-api.ts';
import { pinQuery } from '#state/queries.ts';
import { useSources } from '#state/source-context.ts';

export interface PinReading {
  /** Undefined until it is known, and where there is no such pin. */
  readonly answer: PinAnswer | undefined;
  readonly error: unknown;
  readonly retry: () => void;
}

/** What is known of a pin; '' asks for nothing. */
export function usePin(id: string): PinReading {
  const { server } = useSources();
  const { data, error, refetch } = useQuery({ ...pinQuery(server, id), enabled: id !== '' });
  return { answer: data, error, retry: () => void refetch() };
}
