import { useState } from 'react';
import { visibleText } from '#domain/format/text.ts';
import type { Filter, FilterOp } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';
import { useTagValues } from '#state/explore/use-tags.ts';
import { useSource } from '#state/source-context.ts';
import { Button } from '#views/shared/Button.tsx';
import { needsValue } from './chips.ts';
import { FindField } from './FindField.tsx';
import { fieldName, opSign, opsOf, tagOf } from './field-names.ts';
import { readValue } from './read-filter.ts';
import { fixedValues } from './suggest.ts';
import type { FilterBarState } from './use-filters.ts';

const SHOWN = 100;

/** Operator and values of one chip. Each change is applied at once; the first is a step that Back undoes. */
export function ChipEditor({
  chip,
  at,
  filters,
  close,
}: {
  chip: Filter;
  at: number;
  filters: FilterBarState;
  close: () => void;
}) {
  const source = useSource();
  const [text, setText] = useState('');
  const [changed, setChanged] = useState(false);
  const fixed = fixedValues(chip.field);
  const tag = tagOf(chip.field, source.capabilities.baggageScope);
  const listed = useTagValues(tag, filters.without(chip.field), fixed === undefined);
  const known = fixed ?? listed.values;
  const { scope, name } = fieldName(chip.field);

  const apply = (filter: Filter) => {
    filters.edit({ type: 'replace', at, filter }, changed ? 'replace' : 'push');
    setChanged(true);
  };
  const has = (value: TagValue) => chip.values.some(other => other.value === value.value);
  const toggle = (value: TagValue) => {
    const single = chip.field.kind === 'duration';
    const others = chip.values.filter(other => other.value !== value.value);
    const values = single ? [value] : has(value) ? others : [...chip.values, value];
    if (values.length > 0) apply({ ...chip, values });
  };
  const setOp = (op: FilterOp) => {
    const values = needsValue(op) ? chip.values : [];
    if (needsValue(op) && values.length === 0 && known[0]) apply({ ...chip, op, values: [known[0]] });
    else apply({ ...chip, op, values });
  };
  const typed = readValue(chip.field, chip.op, text.trim(), known);
  const wanted = text.trim().toLowerCase();
  const extra = chip.values.filter(value => !known.some(other => other.value === value.value));
  const values = [...extra, ...known].filter(({ value }) => value.toLowerCase().includes(wanted)).slice(0, SHOWN);

  return (
    <div className="chip-editor">
      <div className="chip-editor-head">
        <span className="ell">
          {scope && <span className="mut">{scope} </span>}
          <b className="strong">{visibleText(name)}</b>
        </span>
        <select
          className="btn"
          aria-label="Condition"
          value={chip.op}
          onChange={event => setOp(event.target.value as FilterOp)}
        >
          {opsOf(chip.field).map(op => (
            <option key={op} value={op}>
              {opSign(op)}
            </option>
          ))}
        </select>
      </div>
      {needsValue(chip.op) && (
        <>
          <FindField
            label="Find or type a value"
            text={text}
            onText={setText}
            onEnter={() => {
              if (typed && !has(typed)) toggle(typed);
              setText('');
            }}
          />
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset does not scroll */}
          <div className="chip-values" role="group" aria-label="Values">
            {values.map(value => (
              <label key={`${value.type} ${value.value}`} className="chip-value">
                <input type="checkbox" checked={has(value)} onChange={() => toggle(value)} />
                <span className="ell">{visibleText(value.value) || '“”'}</span>
              </label>
            ))}
            {values.length === 0 && (
              <p className="mut chip-none">
                {typed
                  ? 'Enter adds this value.'
                  : listed.isPending && !fixed
                    ? 'Reading values'
                    : 'No such value here.'}
              </p>
            )}
          </div>
        </>
      )}
      <div className="chip-editor-foot">
        <Button
          kind="quiet"
          icon={chip.paused ? 'play' : 'pause'}
          onClick={() => {
            close();
            filters.edit({ type: 'toggle-pause', at });
          }}
        >
          {chip.paused ? 'Apply again' : 'Pause'}
        </Button>
        <Button kind="quiet" icon="neq" onClick={() => filters.edit({ type: 'toggle-exclude', at })}>
          Invert
        </Button>
        <span className="grow" />
        <Button
          kind="quiet"
          icon="trash"
          onClick={() => {
            close();
            filters.edit({ type: 'remove', at });
          }}
        >
          Remove
        </Button>
      </div>
    </div>
  );
}
