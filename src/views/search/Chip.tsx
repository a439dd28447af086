import { visibleText } from '#domain/format/text.ts';
import type { Filter } from '#domain/search/filter.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { Popover } from '#views/shared/Popover.tsx';
import { ChipEditor } from './ChipEditor.tsx';
import { chipText, fieldName, opSign } from './field-names.ts';
import type { FilterBarState } from './use-filters.ts';

const MAX_VALUES = 3;

/** One condition: a press opens its editor; keys move along the bar, exclude, pause and remove. */
export function Chip({
  chip,
  at,
  filters,
  focusChip,
  focusAfterEdit,
}: {
  chip: Filter;
  at: number;
  filters: FilterBarState;
  focusChip: (at: number) => void;
  /** Which chip has the focus once the edit that follows has arrived. */
  focusAfterEdit: (at: number) => void;
}) {
  const { scope, name } = fieldName(chip.field);
  const text = chipText(chip);
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === 'ArrowLeft') focusChip(at - 1);
    else if (event.key === 'ArrowRight') focusChip(at + 1);
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      focusAfterEdit(at);
      filters.edit({ type: 'remove', at });
    } else if (event.key === '-' || event.key === '!') filters.edit({ type: 'toggle-exclude', at });
    else if (event.key === 'p') {
      // Paused chips stand behind the others.
      const active = filters.chips.filter(other => !other.paused).length;
      focusAfterEdit(chip.paused ? active : filters.chips.length - 1);
      filters.edit({ type: 'toggle-pause', at });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className={`chip ${chip.paused ? 'off' : ''} ${chip.op === '!=' || chip.op === '!~' ? 'exclude' : ''}`}>
      <Popover
        label={`Filter ${text}`}
        className="chip-panel"
        trigger={props => (
          <button
            {...props}
            type="button"
            className="chip-body"
            aria-label={`Edit filter ${text}`}
            data-tip={chip.paused ? `${text}: kept, not applied` : text}
            onKeyDown={onKeyDown}
          >
            {scope && <span className="scope">{scope}</span>}
            <span>{visibleText(name)}</span>
            <span className="op">{opSign(chip.op)}</span>
            {chip.values.length > 0 && <b className="ell">{valuesText(chip)}</b>}
          </button>
        )}
      >
        {close => <ChipEditor chip={chip} at={at} filters={filters} close={close} />}
      </Popover>
      <button
        type="button"
        className="x"
        aria-label={`Remove filter ${text}`}
        onClick={() => filters.edit({ type: 'remove', at })}
      >
        <Icon name="close" className="s12" />
      </button>
    </span>
  );
}

function valuesText(chip: Filter): string {
  const shown = chip.values.slice(0, MAX_VALUES).map(({ value }) => visibleText(value) || '“”');
  const more = chip.values.length - shown.length;
  return more > 0 ? `${shown.join(', ')}, ${more} more` : shown.join(', ');
}
