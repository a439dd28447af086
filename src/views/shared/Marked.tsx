import { visibleText } from '#domain/format/text.ts';

/** A name with the part that was searched for marked. */
export function Marked({ text, wanted }: { text: string; wanted: string }) {
  const shown = visibleText(text);
  const needle = wanted.trim().toLowerCase();
  const at = needle === '' ? -1 : shown.toLowerCase().indexOf(needle);
  if (at < 0) return <>{shown}</>;
  return (
    <>
      {shown.slice(0, at)}
      <mark>{shown.slice(at, at + needle.length)}</mark>
      {shown.slice(at + needle.length)}
    </>
  );
}
