import { useRef, useState } from 'react';
import type { Pin } from '#domain/api/pin-api.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { describeError } from '#state/describe-error.ts';
import { useCreatePin } from '#state/pins/use-create-pin.ts';
import { prefsStore } from '#state/prefs-store.ts';
import { useSources } from '#state/source-context.ts';
import { DEFAULT_URL_STATE, type UrlState } from '#state/url/url-state.ts';
import { useHref } from '#state/url/use-url.ts';
import { isLong, shortLink } from './stored-link.ts';

/** What is to be written to a pin. */
export interface PinDraft {
  readonly note: string;
  readonly by: string;
  /** From now; undefined: until it is removed. */
  readonly days: number | undefined;
}

const DAY_MS = 86_400_000;

export interface ShareLink {
  /** A trace that a server could copy. */
  readonly canPin: boolean;
  readonly isPinning: boolean;
  readonly setPinning: (isPinning: boolean) => void;
  /** What is shared is a pinned copy already. */
  readonly isOfPin: boolean;
  /** What the link will look like. */
  readonly preview: string;
  readonly isBusy: boolean;
  /** A sentence without a full stop. */
  readonly error: string | undefined;
  /** The link, with what it needs: the pin, the stored state. Undefined where that failed. */
  readonly make: (draft: PinDraft) => Promise<string | undefined>;
  /** The id of a pin of what is shared, made where there is none yet. Undefined where that failed. */
  readonly pin: (draft: PinDraft) => Promise<string | undefined>;
}

/** The link to a state; a trace is pinned with it unless the reader says otherwise. `table`: the open trace. */
export function useShareLink(state: UrlState, table: TraceTable | undefined): ShareLink {
  const { config, hasServer, server } = useSources();
  const href = useHref();
  const create = useCreatePin();
  const [isPinning, setPinning] = useState(() => prefsStore.getState().pinOnShare ?? config.pinOnShare);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const made = useRef<{ readonly of: string; readonly pin: Pin }>(undefined);
  const isOfPin = state.pin !== '';
  const canPin = hasServer && table !== undefined && !isOfPin;
  const link = absolute(href(state));
  const toPin = (id: string) => absolute(href({ ...DEFAULT_URL_STATE, page: { name: 'pin', id } }));

  async function pinned(trace: TraceTable | undefined, draft: PinDraft): Promise<string | undefined> {
    if (trace === undefined) return undefined;
    // Who copies the link and then the text for a chat means one pin.
    const of = JSON.stringify([link, draft]);
    if (made.current?.of !== of) {
      const { note, by, days } = draft;
      const words = { note, by, ...(days !== undefined && { expiresUnixMs: Date.now() + days * DAY_MS }) };
      made.current = { of, pin: await create.mutateAsync({ table: trace, state, words }) };
    }
    return made.current.pin.id;
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    setBusy(true);
    setError(undefined);
    try {
      return await work();
    } catch (cause) {
      setError(`Nothing was copied: ${describeError(cause).title}`);
      return undefined;
    } finally {
      setBusy(false);
    }
  }

  return {
    canPin,
    isPinning: canPin && isPinning,
    setPinning,
    isOfPin,
    preview:
      canPin && isPinning ? toPin('id').replace(/id$/, '…') : isLong(link) && hasServer ? storedPreview(link) : link,
    isBusy,
    error,
    pin: draft => attempt(() => pinned(table, draft)),
    make: draft =>
      attempt(async () => {
        const id = canPin && isPinning ? await pinned(table, draft) : undefined;
        if (id !== undefined) return toPin(id);
        return hasServer ? await shortLink(link, server) : link;
      }),
  };
}

function absolute(href: string): string {
  return new URL(href, location.href).href;
}

function storedPreview(link: string): string {
  const { origin, pathname } = new URL(link);
  return `${origin}${pathname}?s=…`;
}
