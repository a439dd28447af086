import type { NewPin, Pin, PinAnswer, PinChange, PinList, StoredState } from '#domain/api/pin-api.ts';
import type { TraceId } from '#domain/ids.ts';
import type { Result } from '#domain/result.ts';

/** What is asked of the store's thread about pins and states. */
export type PinRequest =
  | { readonly do: 'create'; readonly pin: PinRecord }
  | { readonly do: 'list'; readonly filter: PinFilter }
  | { readonly do: 'find' | 'remove' | 'trace'; readonly pin: string }
  | { readonly do: 'change'; readonly pin: string; readonly change: PinChange }
  | { readonly do: 'keep-state'; readonly text: string }
  | { readonly do: 'state'; readonly state: string };

/** `otlp`: the trace, where it is not the store's own. */
export interface PinRecord extends Omit<NewPin, 'traceId'> {
  readonly traceId: TraceId;
  readonly otlp?: Uint8Array;
}

export interface PinFilter {
  /** Part of the note, the name, the root, the trace id or the id; '' for all. */
  readonly find: string;
  readonly traceId: TraceId | undefined;
  readonly limit: number;
}

/** Why nothing was pinned. `full`: the pins have reached their size. */
export interface PinRefusal {
  readonly reason: 'no-trace' | 'invalid' | 'full' | 'unavailable';
  readonly message: string;
}

/** Pins, seen from the main thread. What is answered is durable. */
export interface StorePins {
  create(pin: PinRecord): Promise<Result<Pin, PinRefusal>>;
  list(filter: PinFilter): Promise<PinList>;
  /** undefined: there is no such pin, and none is remembered. */
  find(id: string): Promise<PinAnswer | undefined>;
  /** Of a pin that is gone nothing is changed. */
  change(id: string, change: PinChange): Promise<PinAnswer | undefined>;
  remove(id: string): Promise<PinAnswer | undefined>;
  /** OTLP TracesData; undefined where the pin is not kept. */
  trace(id: string): Promise<Uint8Array | undefined>;
}

/** URL states that are too long for a link, by the hash of their text. */
export interface StoreStates {
  /** The error is one sentence: there is no room. */
  keep(text: string): Promise<Result<StoredState, string>>;
  read(id: string): Promise<string | undefined>;
}
