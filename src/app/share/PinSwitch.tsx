import { formatCount } from '#domain/format/number.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import type { ShareLink } from '#state/share/use-share-link.ts';
import { KeptFor } from './KeptFor.tsx';

/** Whether the trace is pinned with what is copied. */
export function PinSwitch({ table, link }: { table: TraceTable; link: ShareLink }) {
  return (
    <div className="share-row">
      <label htmlFor="share-pin">Pin</label>
      <span className="share-line">
        <input
          id="share-pin"
          type="checkbox"
          role="switch"
          aria-checked={link.isPinning}
          className="switch"
          checked={link.isPinning}
          onChange={event => link.setPinning(event.currentTarget.checked)}
        />
        <span>{link.isPinning ? copyText(table.length) : <KeptFor table={table} />}</span>
      </span>
    </div>
  );
}

function copyText(spans: number): string {
  const what = `${formatCount(spans)} ${spans === 1 ? 'span' : 'spans'}`;
  return `Keeps a copy of ${what}. Works after retention, for anyone who may open it.`;
}
