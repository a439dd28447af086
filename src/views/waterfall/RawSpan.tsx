import { useCallback } from 'react';
import { formatBytes } from '#domain/format/number.ts';
import { visibleLines } from '#domain/format/text.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { useAsync } from './use-async.ts';

/** No more is put into the document; copying gives all of it. */
const MOST_SHOWN = 262_144;

/** The span as it was received, as OTLP JSON. */
export function RawSpan({ table, row }: { table: TraceTable; row: number }) {
  const json = useAsync(useCallback(() => table.details.rawJson(row), [table, row]));
  if (json.state === 'waiting') return <div className="dr-wait">Reading the span</div>;
  if (json.state === 'failed') return <div className="dr-wait err">The span could not be read.</div>;
  const text = json.value;
  return (
    <div className="raw">
      <div className="raw-acts">
        <span className="mut grow">
          {text.length > MOST_SHOWN ? `first ${formatBytes(MOST_SHOWN)} of ` : ''}
          {formatBytes(text.length)}
        </span>
        <CopyButton text={text} label="Copy the JSON">
          Copy JSON
        </CopyButton>
      </div>
      <pre>{visibleLines(text.slice(0, MOST_SHOWN))}</pre>
    </div>
  );
}
