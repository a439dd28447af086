import { useMemo, useState } from 'react';
import { formatBytes, formatCount } from '#domain/format/number.ts';
import { visibleLines } from '#domain/format/text.ts';
import { Button } from '#views/shared/Button.tsx';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { stackParts } from './stack-trace.ts';

/** No more is put into the document; copying gives all of it. */
const MOST_SHOWN = 131_072;

/** A stack trace with the frames of libraries folded. */
export function StackTrace({ text }: { text: string }) {
  const [all, setAll] = useState(false);
  const parts = useMemo(() => stackParts(text.slice(0, MOST_SHOWN)), [text]);
  const folds = parts.some(part => part.library);
  return (
    <div className="st-box">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways */}
      <pre tabIndex={0}>
        {parts.map((part, i) =>
          part.library && !all ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts never move
            <span key={i} className="mut">{`    … ${formatCount(part.lines.length)} library frames\n`}</span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts never move
            <span key={i} className={part.library ? 'mut' : ''}>{`${visibleLines(part.lines.join('\n'))}\n`}</span>
          ),
        )}
      </pre>
      {text.length > MOST_SHOWN && (
        <p className="mut st-cut">
          first {formatBytes(MOST_SHOWN)} of {formatBytes(text.length)}
        </p>
      )}
      <div className="st-acts">
        {folds && (
          <Button kind="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
            All frames
          </Button>
        )}
        <CopyButton text={text} label="Copy the stack trace" />
      </div>
    </div>
  );
}
