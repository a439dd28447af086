import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { visibleText } from '#domain/format/text.ts';
import type { Filter, FilterField } from '#domain/search/filter.ts';
import { parseQuery } from '#domain/traceql/parse.ts';
import { useFindValue } from '#state/explore/use-find-value.ts';
import { useTags, useTagValues } from '#state/explore/use-tags.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { useGo } from '#state/url/use-url.ts';
import { traceIdIn } from '#views/shared/trace-id-in.ts';
import { fieldName, opSign, tagOf } from './field-names.ts';
import { suggestFound } from './found-suggestions.ts';
import { baggageMatcher, readFilter } from './read-filter.ts';
import { keyOf, SuggestionFace } from './SuggestionFace.tsx';
import { fieldsOf, fixedValues, isSpanId, type Suggestion, splitOp, suggestFields, suggestValues } from './suggest.ts';
import type { FilterBarState } from './use-filters.ts';

/** The input at the end of the bar: fields first, then the values of the chosen one, narrowed by the other chips. */
export function AddFilter({ filters, focusLastChip }: { filters: FilterBarState; focusLastChip: () => void }) {
  const go = useGo();
  const { config } = useSources();
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState('');
  const [field, setField] = useState<FilterField>();
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState<number>();
  const isBaggageKey = useMemo(() => baggageMatcher(config.baggageKeys), [config]);
  const { suggestions, isPending } = useSuggestions(text, field, isOpen, filters, isBaggageKey);
  const first = text.trim() === '' && !field ? -1 : 0;
  const current = Math.min(at ?? first, suggestions.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });

  const clear = () => {
    setText('');
    setField(undefined);
    setAt(undefined);
  };
  const add = (filter: Filter) => {
    clear();
    setOpen(false);
    filters.edit({ type: 'add', filter });
  };
  const choose = (suggestion: Suggestion | undefined) => {
    switch (suggestion?.kind) {
      case 'trace':
        clear();
        go({ page: { name: 'trace', traceId: suggestion.traceId }, at: undefined, span: undefined, nth: 1 }, 'push');
        break;
      case 'span':
        clear();
        setOpen(false);
        filters.setText(`{ span:id = "${suggestion.spanId}" }`);
        break;
      case 'filter':
        add(suggestion.filter);
        break;
      case 'found':
        if (suggestion.filter) add(suggestion.filter);
        else {
          clear();
          setOpen(false);
          filters.addCondition(suggestion.condition);
        }
        break;
      case 'field':
        setField(suggestion.field);
        setText('');
        setAt(undefined);
        break;
    }
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLInputElement>) => {
    const count = Math.max(1, suggestions.length);
    if (event.key === 'ArrowDown') {
      setOpen(true);
      setAt((current + 1) % count);
    } else if (event.key === 'ArrowUp') setAt((current <= 0 ? count : current) - 1);
    else if (
      event.key === 'Enter' ||
      (event.key === 'Tab' && current >= 0 && isOpen && !event.shiftKey && text !== '')
    ) {
      choose(suggestions[current]);
    } else if (event.key === 'Escape' && (isOpen || field || text !== '')) {
      if (isOpen && text === '' && !field) setOpen(false);
      else clear();
    } else if (event.key === 'Backspace' && text === '') {
      if (field) setField(undefined);
      else focusLastChip();
    } else if (event.key === 'ArrowLeft' && text === '' && !field) focusLastChip();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onPaste = (event: React.ClipboardEvent) => {
    if (text !== '' || field) return;
    const pasted = event.clipboardData.getData('text/plain');
    if (/^\s*[({]/.test(pasted) && parseQuery(pasted).ok) {
      event.preventDefault();
      setOpen(false);
      filters.setText(pasted);
      return;
    }
    // Sixteen digits may be a span or a short trace: the list offers both.
    const traceId = isSpanId(pasted) ? undefined : traceIdIn(pasted);
    const filter = traceId ? undefined : readFilter(pasted, isBaggageKey);
    if (!traceId && !filter) return;
    event.preventDefault();
    choose(traceId ? { kind: 'trace', traceId } : { kind: 'filter', filter: filter! });
  };
  const showsList = isOpen && (suggestions.length > 0 || text !== '' || field !== undefined);
  return (
    <div className="add-filter">
      {field && (
        <span className="chip pending">
          <span className="chip-body">
            {fieldName(field).scope && <span className="scope">{fieldName(field).scope}</span>}
            <span>{visibleText(fieldName(field).name)}</span>
            <span className="op">{opSign(splitOp(field, text).op)}</span>
          </span>
        </span>
      )}
      <input
        data-query-input=""
        role="combobox"
        aria-expanded={showsList}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={showsList && current >= 0 ? `${listId}-${current}` : undefined}
        aria-label={field ? `Value of ${fieldName(field).name}` : 'Add a filter'}
        placeholder={field ? 'Choose or type a value' : 'Add a filter, or paste any value'}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={text}
        onChange={event => {
          setText(event.target.value);
          setAt(undefined);
          setOpen(true);
        }}
        onClick={() => setOpen(true)}
        onFocus={() => setOpen(true)}
        onBlur={() => {
          setOpen(false);
          setField(undefined);
        }}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      <div id={listId} ref={list} role="listbox" aria-label="Suggestions" className="suggest pop" hidden={!showsList}>
        {showsList &&
          suggestions.map((suggestion, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are read by the input, which keeps the focus
            <div
              key={keyOf(suggestion)}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === current}
              className="suggest-item"
              onPointerDown={event => event.preventDefault()}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(suggestion)}
            >
              <SuggestionFace suggestion={suggestion} wanted={field ? splitOp(field, text).rest : text} />
            </div>
          ))}
        {showsList && suggestions.length === 0 && (
          <p className="suggest-none mut">
            {isPending
              ? 'Looking for the value'
              : field
                ? 'No such value in this range.'
                : 'No field or value is called that.'}
          </p>
        )}
      </div>
    </div>
  );
}

function useSuggestions(
  text: string,
  field: FilterField | undefined,
  isOpen: boolean,
  filters: FilterBarState,
  isBaggageKey: (key: string) => boolean,
): { suggestions: readonly Suggestion[]; isPending: boolean } {
  const source = useSource();
  const { config } = useSources();
  const tags = useTags(isOpen);
  const atFields = isOpen && !field;
  const services = useTagValues('resource.service.name', filters.without({ kind: 'service' }), atFields);
  const canFind = source.findValue !== undefined;
  const holding = useFindValue(text, atFields);
  const operations = useTagValues(
    'name',
    filters.without({ kind: 'operation' }),
    atFields && !canFind && text.length > 1,
  );
  const fixed = field && fixedValues(field);
  const tag = field ? tagOf(field, source.capabilities.baggageScope) : 'status';
  const values = useTagValues(tag, field ? filters.without(field) : '{}', isOpen && field !== undefined && !fixed);

  const suggestions = useMemo(() => {
    if (field) return suggestValues(field, text, fixed ?? values.values);
    return suggestFields({
      text,
      fields: fieldsOf(tags, config.baggageKeys),
      values: [
        ...services.values.map(value => ({ field: { kind: 'service' } as const, value })),
        ...operations.values.map(value => ({ field: { kind: 'operation' } as const, value })),
      ],
      isBaggageKey,
      traceId: traceIdIn(text),
      holding: canFind ? suggestFound(holding.found, text) : undefined,
    });
  }, [
    field,
    text,
    fixed,
    values.values,
    tags,
    config,
    services.values,
    operations.values,
    isBaggageKey,
    holding.found,
    canFind,
  ]);
  return { suggestions, isPending: field === undefined ? holding.isPending : !fixed && values.isPending };
}
