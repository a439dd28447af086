import type { CriticalPath } from '#domain/analysis/critical-path.ts';
import type { Ribbon } from '#domain/analysis/ribbon.ts';
import type { TraceId } from '#domain/ids.ts';
import type { AttributeColumn, SpanDetail } from '#domain/trace/span-details.ts';
import type { TableMessage } from '#domain/trace/transfer-table.ts';
import type { DecodeError } from './otlp/protobuf-reader.ts';

/**
 * What the page and a decode worker say to each other. A task is one trace on its way in: `open`, any number of
 * `chunk`s, `end`; the worker answers `table`, `ribbon` or `failed`, once. A task that became a table goes on to answer
 * `ask`s about its rows until it is released.
 */
export type DecodeRequest =
  | ({ readonly type: 'open'; readonly task: number } & DecodeOptions)
  | { readonly type: 'chunk'; readonly task: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly task: number }
  | ({ readonly type: 'ask'; readonly task: number; readonly call: number } & Question)
  /** Cancels a task, or frees what its table holds. */
  | { readonly type: 'release'; readonly task: number };

export interface DecodeOptions {
  readonly traceId: TraceId;
  readonly envelope: 'traces' | 'tempo';
  readonly as: 'table' | 'ribbon';
  readonly expectedBytes: number | undefined;
  readonly maxBytes: number;
}

export type Question =
  | { readonly about: 'span'; readonly row: number }
  | { readonly about: 'rawJson'; readonly row: number }
  | { readonly about: 'column'; readonly key: string }
  | { readonly about: 'match'; readonly text: string }
  /** Answered once: what it is made of is let go then. */
  | { readonly about: 'path' };

export interface Answers {
  readonly span: SpanDetail;
  readonly rawJson: string;
  readonly column: AttributeColumn;
  readonly match: Uint8Array;
  readonly path: CriticalPath;
}

export type DecodeReply =
  /** After a chunk: spans decoded so far. */
  | { readonly type: 'progress'; readonly task: number; readonly spans: number }
  | { readonly type: 'table'; readonly task: number; readonly table: TableMessage }
  | { readonly type: 'ribbon'; readonly task: number; readonly spans: number; readonly ribbon: Ribbon }
  | { readonly type: 'failed'; readonly task: number; readonly error: DecodeError; readonly tooLarge: boolean }
  | { readonly type: 'answer'; readonly call: number; readonly answer: Answers[Question['about']] }
  | { readonly type: 'unanswered'; readonly call: number; readonly message: string };
