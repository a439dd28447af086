import { useEffect, useId, useState } from 'react';
import { parseQuery } from '#domain/traceql/parse.ts';
import type { TraceqlError } from '#domain/traceql/traceql-error.ts';
import { useUrl } from '#state/url/use-url.ts';
import type { FilterBarState } from './use-filters.ts';

/** The query as TraceQL. Enter runs it; what does not parse is kept and explained under the field. */
export function QueryText({ filters }: { filters: FilterBarState }) {
  const { q } = useUrl();
  const [text, setText] = useState(q);
  const [refused, setRefused] = useState<TraceqlError>();
  const errorId = useId();
  useEffect(() => {
    setText(q);
    setRefused(undefined);
  }, [q]);
  const error = refused ?? (text === q ? filters.error : undefined);

  const run = () => {
    const parsed = text.trim() === '' ? undefined : parseQuery(text);
    if (parsed && !parsed.ok) setRefused(parsed.error);
    else filters.setText(text);
  };
  return (
    <form
      className="query-text"
      onSubmit={event => {
        event.preventDefault();
        run();
      }}
    >
      <input
        data-query-input=""
        className="mono"
        aria-label="TraceQL query"
        aria-invalid={error !== undefined}
        aria-describedby={error ? errorId : undefined}
        placeholder="{ resource.service.name = &quot;checkout&quot; && status = error }"
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        value={text}
        onChange={event => {
          setText(event.target.value);
          setRefused(undefined);
        }}
      />
      {error && <QueryError id={errorId} error={error} text={text} />}
    </form>
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
