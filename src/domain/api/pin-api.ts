/**
 * Pins: copies of traces that retention does not reach, each with the view that was on screen. And stored states: URL
 * states too long for a link. Times in JSON are unix ms, or decimal strings of ns.
 */

/** GET /api/pins?find&trace&limit: newest first. */
export interface PinList {
  readonly pins: readonly Pin[];
  /** Pins that match, listed or not; and all there are. */
  readonly matching: number;
  readonly total: number;
  /** Bytes that all pins take, and may take. */
  readonly usedBytes: number;
  readonly maxBytes: number;
}

/** A pinned trace, without its spans. */
export interface Pin {
  /** 32 hexadecimal digits, random. */
  readonly id: string;
  readonly traceId: string;
  /** Id of the source that the trace was read from, and what it was called then. */
  readonly source: string;
  readonly sourceName: string;
  readonly view: PinnedView;
  readonly note: string;
  /** Who pinned it, as they call themselves; '' where they did not say. */
  readonly by: string;
  readonly atUnixMs: number;
  /** Absent: it is kept until somebody removes it. */
  readonly expiresUnixMs?: number;
  /** What the copy takes in the store, compressed. */
  readonly bytes: number;
  readonly summary: PinSummary;
}

/** What was on screen, as a URL below the base of the page. */
export interface PinnedView {
  /** Starts with '/'. */
  readonly path: string;
  /** Starts with '?', or is ''. */
  readonly search: string;
}

/** The trace in one line, so that lists need no trace. */
export interface PinSummary {
  /** Of the main root; '' where there is none or it has none. */
  readonly rootName: string;
  readonly rootService: string;
  readonly startUnixNano: string;
  /** Of the main root. */
  readonly durationNs: number;
  readonly spans: number;
  readonly services: number;
  readonly errors: number;
}

/**
 * POST /api/pins. As JSON: a trace of the embedded store, which the server copies. As multipart/form-data with the parts
 * `pin` (this body) and `trace` (OTLP protobuf): a trace of any other source. Answers the `Pin`.
 */
export interface NewPin {
  readonly traceId: string;
  readonly source: string;
  readonly sourceName: string;
  readonly view: PinnedView;
  readonly note?: string;
  readonly by?: string;
  readonly expiresUnixMs?: number;
}

/** PATCH /api/pins/<id>: what is absent stays; `expiresUnixMs: null` keeps the pin for good. Answers the `Pin`. */
export interface PinChange {
  readonly note?: string;
  readonly expiresUnixMs?: number | null;
}

/** GET /api/pins/<id>, and DELETE. 404: there never was such a pin, or it is gone for longer than gone pins are remembered. */
export type PinAnswer =
  | { readonly state: 'kept'; readonly pin: Pin }
  | { readonly state: 'gone'; readonly gone: GonePin };

/** What is remembered of a pin that was removed or has expired: not its note, not its view, none of its spans. */
export interface GonePin {
  readonly id: string;
  /** `damaged`: its copy was lost with a damaged part of the store. */
  readonly reason: 'removed' | 'expired' | 'damaged';
  readonly goneUnixMs: number;
  readonly traceId: string;
  readonly source: string;
  readonly atUnixMs: number;
  readonly startUnixNano: string;
  readonly durationNs: number;
}

/** POST /api/states with the text as text/plain; the same text has the same id. */
export interface StoredState {
  /** 32 hexadecimal digits. */
  readonly id: string;
}

/** GET /api/states/<id>. 404: it was never stored here, or nobody stored it again for longer than states are kept. */
export interface StateText {
  readonly text: string;
}

export const MAX_NOTE_LENGTH = 2000;
export const MAX_NAME_LENGTH = 100;
/** Of a stored state, and of the view of a pin; in UTF-8. */
export const MAX_STATE_BYTES = 64 * 1024;
/** OTLP that a pin of another source's trace is made from. */
export const MAX_PIN_UPLOAD_BYTES = 256 * 2 ** 20;

/** Ids of pins and of stored states. */
export function isStoredId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}
