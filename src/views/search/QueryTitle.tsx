import { visibleText } from '#domain/format/text.ts';
import { chipText, fieldName, opSign } from './field-names.ts';
import type { FilterBarState } from './use-filters.ts';

/** The query at the head of a panel: its chips to read, or its text where chips cannot say it. */
export function QueryTitle({ filters: { chips, rest } }: { filters: Pick<FilterBarState, 'chips' | 'rest'> }) {
  const active = chips.filter(chip => !chip.paused);
  if (rest === undefined && active.length === 0) return <span className="strong">All traces</span>;
  return (
    <>
      {active.map(chip => {
        const { scope, name } = fieldName(chip.field);
        return (
          <span key={chipText(chip)} className="chip pn-chip" data-tip={chipText(chip)}>
            <span className="chip-body">
              {scope && <span className="scope">{scope}</span>}
              <span>{visibleText(name)}</span>
              <span className="op">{opSign(chip.op)}</span>
              {chip.values.length > 0 && (
                <b className="ell">{chip.values.map(({ value }) => visibleText(value) || '“”').join(', ')}</b>
              )}
            </span>
          </span>
        );
      })}
      {rest !== undefined && <code className="mono ell">{visibleText(rest)}</code>}
    </>
  );
}
