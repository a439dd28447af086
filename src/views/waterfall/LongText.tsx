import { formatBytes } from '#domain/format/number.ts';
import { cutEnd, visibleText } from '#domain/format/text.ts';
import { CopyButton } from '#views/shared/CopyButton.tsx';

/** No more graphemes of a text that stands in a line are put into the document. */
const MOST_SHOWN = 2_000;

/** A text that a program wrote, on one line, its end cut where nobody would read on; then the whole of it can be copied. */
export function LongText({ text, className }: { text: string; className?: string }) {
  const shown = cutEnd(text, MOST_SHOWN);
  return (
    <bdi className={className}>
      {visibleText(shown)}
      {shown !== text && (
        <>
          {' '}
          <span className="mut">{formatBytes(text.length)}</span> <CopyButton text={text} label="Copy the whole text" />
        </>
      )}
    </bdi>
  );
}
