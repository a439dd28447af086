import { useEffect, useId, useState } from 'react';
import type { TraceqlError } from '#domain/traceql/traceql-error.ts';
import { readQuery } from '#domain/traceql/validate.ts';
import { rememberQuery } from '#state/query-history.ts';
import { refreshRange } from '#state/session-store.ts';
import { useUrl } from '#state/url/use-url.ts';
import { LazyPart, lazyPart } from '#views/shared/lazy-part.tsx';
import type { FilterBarState } from './use-filters.ts';

const QueryEditor = lazyPart(async () => (await import('./editor/QueryEditor.tsx')).QueryEditor);

/** The query as TraceQL. Enter runs it; what cannot be asked is kept and explained under the field. */
export function QueryText({
  filters,
  draft,
  onDraft,
  autoFocus,
  onEscape,
}: {
  filters: FilterBarState;
  /** Text that was typed and not run. */
  draft: string | undefined;
  onDraft: (text: string | undefined) => void;
  autoFocus: boolean;
  onEscape: () => void;
}) {
  const { q } = useUrl();
  const text = draft ?? q;
  const [refused, setRefused] = useState<TraceqlError>();
  const errorId = useId();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another query is another question
  useEffect(() => setRefused(undefined), [q]);
  const error = refused ?? (text === q ? filters.error : undefined);

  const run = (asked: string) => {
    const read = asked.trim() === '' ? undefined : readQuery(asked);
    if (read && !read.ok) {
      setRefused(read.error);
      return;
    }
    rememberQuery(asked.trim());
    onDraft(undefined);
    if (asked.trim() === q) refreshRange();
    else filters.setText(asked);
  };
  return (
    <div className="query-text">
      <LazyPart fallback={<code className="query-editor-wait ell">{text}</code>}>
        <QueryEditor
          text={text}
          autoFocus={autoFocus}
          errorId={error && errorId}
          onChange={changed => {
            onDraft(changed === q ? undefined : changed);
            setRefused(undefined);
          }}
          onRun={run}
          onEscape={onEscape}
        />
      </LazyPart>
      {error && <QueryError id={errorId} error={error} text={text} />}
    </div>
  );
}

/** Where and why: the text with the place marked, the message, what to write instead. */
function QueryError({ id, error, text }: { id: string; error: TraceqlError; text: string }) {
  const end = Math.max(error.to, error.from + 1);
  return (
    <div id={id} className="query-error pop" role="alert">
      <code>
        {text.slice(Math.max(0, error.from - 40), error.from)}
        <mark>{text.slice(error.from, end) || '␣'}</mark>
        {text.slice(end, end + 40)}
      </code>
      <p>
        <span className="err strong">
          {error.line > 1 ? `Line ${error.line}, column` : 'Column'} {error.column}:
        </span>{' '}
        {error.message}
        {error.hint && <span className="sec">. {error.hint}</span>}
      </p>
    </div>
  );
}
