import { useEffect, useRef, useState } from 'react';
import { cutEnd, visibleText } from '#domain/format/text.ts';
import { useAction } from '#state/commands/actions.ts';
import type { UrlState } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { Segmented } from '#views/shared/Segmented.tsx';
import { AddFilter } from './AddFilter.tsx';
import { Chip } from './Chip.tsx';
import { QueryText } from './QueryText.tsx';
import { RecentQueries } from './RecentQueries.tsx';
import type { FilterBarState } from './use-filters.ts';

/** The query in two forms, chips and TraceQL; below it the text that is asked. */
export function FilterBar({ filters, summary }: { filters: FilterBarState; summary: React.ReactNode }) {
  const url = useUrl();
  const go = useGo();
  // What cannot be read has no chips.
  const form = filters.error ? 'text' : url.form;
  const bar = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState<{ readonly of: string; readonly text: string }>();
  /** The reader asked for the other form by key or press, and goes on there. */
  const goesOn = useRef(false);
  const changeForm = (next: UrlState['form']) => {
    goesOn.current = true;
    go({ form: next }, 'replace');
  };
  const focusInput = () => bar.current?.querySelector<HTMLElement>('[data-query-input]')?.focus();
  useAction('app.find', focusInput);
  useAction('explore.query-form', () => changeForm(form === 'chips' ? 'text' : 'chips'));
  useEffect(() => {
    // Who mends it goes on where the words are.
    if (filters.error && url.form !== 'text') go({ form: 'text' }, 'replace');
  }, [filters.error, url.form, go]);
  useEffect(() => {
    if (form === 'chips' && goesOn.current) bar.current?.querySelector<HTMLElement>('[data-query-input]')?.focus();
  }, [form]);

  const focusChip = (at: number) => {
    const bodies = bar.current?.querySelectorAll<HTMLElement>('.chip-body') ?? [];
    if (at >= bodies.length) focusInput();
    else bodies[Math.max(0, at)]?.focus();
  };
  // An edit reaches the chips by way of the URL, some frames later.
  const wanted = useRef<number>(undefined);
  useEffect(() => {
    if (wanted.current === undefined) return;
    const at = wanted.current;
    wanted.current = undefined;
    if (at >= filters.chips.length) bar.current?.querySelector<HTMLElement>('[data-query-input]')?.focus();
    else bar.current?.querySelectorAll<HTMLElement>('.chip-body')[at]?.focus();
  }, [filters.chips]);
  return (
    <section className="query" aria-label="Query">
      <div className="query-box" ref={bar}>
        <Icon name="search" className="s14 mut" />
        {form === 'text' ? (
          <QueryText
            filters={filters}
            draft={draft?.of === filters.text ? draft.text : undefined}
            onDraft={text => setDraft(text === undefined ? undefined : { of: filters.text, text })}
            autoFocus={goesOn.current}
            onEscape={() => changeForm('chips')}
          />
        ) : (
          <>
            {filters.chips.map((chip, at) => (
              <Chip
                // biome-ignore lint/suspicious/noArrayIndexKey: a chip is its place; two may say the same
                key={at}
                chip={chip}
                at={at}
                filters={filters}
                focusChip={focusChip}
                focusAfterEdit={index => {
                  wanted.current = index;
                }}
              />
            ))}
            {filters.rest !== undefined && (
              <span className="chip advanced">
                <button
                  type="button"
                  className="chip-body"
                  data-tip="Chips cannot say this part; edit it as TraceQL"
                  onClick={() => changeForm('text')}
                >
                  <span>advanced</span>
                  <b className="mono ell">{cutEnd(visibleText(filters.rest), 60)}</b>
                </button>
                <button type="button" className="x" aria-label="Remove the advanced part" onClick={filters.removeRest}>
                  <Icon name="close" className="s12" />
                </button>
              </span>
            )}
            <AddFilter filters={filters} focusLastChip={() => focusChip(filters.chips.length - 1)} />
          </>
        )}
        <div className="query-form">
          <RecentQueries current={filters.text} onChoose={filters.setText} />
          <Segmented
            label="Query form"
            value={form}
            options={[
              { value: 'chips', text: 'Chips' },
              { value: 'text', text: 'TraceQL' },
            ]}
            onChange={changeForm}
          />
        </div>
      </div>
      <div className="echo">
        <code className="ell" data-tip={filters.query}>
          {visibleText(filters.query)}
        </code>
        <CopyButton text={filters.query} label="Copy the query" />
        <span className="grow" />
        {summary}
      </div>
    </section>
  );
}
