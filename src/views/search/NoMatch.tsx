import { useMemo } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { queryOf } from '#domain/search/filters.ts';
import { formatRange } from '#domain/time/clock.ts';
import { useCounts } from '#state/explore/use-counts.ts';
import { useStoreStatus } from '#state/explore/use-status.ts';
import { searchOfFiles } from '#state/files/file-links.ts';
import { FILE_SOURCE_ID, useFiles } from '#state/files/use-files.ts';
import { useSource } from '#state/source-context.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useZone } from '#state/use-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { chipText, fieldName, opSign } from './field-names.ts';
import { emptyingFilter, rangeAround } from './no-match.ts';
import type { FilterBarState } from './use-filters.ts';

const WIDER: readonly { readonly from: string; readonly text: string; readonly ms: number }[] = [
  { from: 'now-6h', text: 'Search the last 6 h', ms: 6 * 3_600_000 },
  { from: 'now-1d', text: 'Search the last 24 h', ms: 86_400_000 },
  { from: 'now-7d', text: 'Search the last 7 d', ms: 7 * 86_400_000 },
];
const MOST_FILTERS = 6;

/** Nothing matches: which filter empties the result, or that the box does, and where else to look. */
export function NoMatch({ filters }: { filters: FilterBarState }) {
  const { box } = useUrl();
  const zone = useZone();
  const range = useResolvedRange();
  const active = filters.chips.filter(chip => !chip.paused);
  const when = formatRange(range.fromMs, range.toMs, zone, range.nowMs);
  if (box !== undefined) return <NothingInBox />;
  const title =
    active.length === 0 && filters.rest === undefined
      ? 'No traces in this range'
      : active.length > 1
        ? `No trace matches all ${numberWord(active.length)} filters`
        : 'No trace matches';
  return (
    <div className="state no-match" role="status">
      <h2 className="state-title">{title}</h2>
      <p className="sec">{when} was searched.</p>
      {active.length > 0 && active.length <= MOST_FILTERS && <FilterTable filters={filters} />}
      <Elsewhere />
    </div>
  );
}

/** What the filters and the range leave may be seen again without the box. */
function NothingInBox() {
  const go = useGo();
  return (
    <div className="state no-match" role="status">
      <h2 className="state-title">No trace in the box</h2>
      <p className="sec">Only the part of the heatmap that is marked was searched.</p>
      <div className="state-actions">
        <Button onClick={() => go({ box: undefined }, 'push')}>Clear the box</Button>
      </div>
    </div>
  );
}

function FilterTable({ filters }: { filters: FilterBarState }) {
  const active = useMemo(() => filters.chips.filter(chip => !chip.paused), [filters.chips]);
  const { rest } = filters;
  const questions = useMemo(
    () =>
      active.flatMap((chip, at) => [
        queryOf([chip]),
        queryOf(
          active.filter((_, other) => other !== at),
          rest,
        ),
      ]),
    [active, rest],
  );
  const counts = useCounts(questions);
  const lines = active.map((chip, at) => ({ chip, alone: counts[at * 2], without: counts[at * 2 + 1] }));
  const isCounted = counts.some(count => count !== undefined);
  const culprit = emptyingFilter(lines);
  return (
    <table className="no-match-table">
      <thead>
        <tr>
          <th scope="col">Filter</th>
          {isCounted && (
            <>
              <th scope="col" className="num">
                traces, alone
              </th>
              <th scope="col" className="num">
                without it
              </th>
            </>
          )}
          <th scope="col">
            <span className="vh">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ chip, alone, without }, at) => {
          const { scope, name } = fieldName(chip.field);
          const isCulprit = at === culprit;
          return (
            <tr key={chipText(chip)}>
              <td>
                {isCulprit && (
                  <span className="wrn culprit">
                    <Icon name="warn" className="s14" />
                    <span className="vh">Empties the result: </span>
                  </span>
                )}
                {scope && <span className="mut">{scope} </span>}
                {visibleText(name)} {opSign(chip.op)}{' '}
                <b className="strong">{chip.values.map(({ value }) => visibleText(value)).join(', ')}</b>
              </td>
              {isCounted && (
                <>
                  <td className={`num ${isCulprit ? 'strong' : ''}`}>{countText(alone)}</td>
                  <td className={`num ${isCulprit ? 'strong' : ''}`}>{countText(without)}</td>
                </>
              )}
              <td className="num">
                <Button
                  kind="quiet"
                  onClick={() => filters.edit({ type: 'remove', at: filters.chips.indexOf(chip) })}
                  aria-label={`Remove ${chipText(chip)}`}
                >
                  Remove
                </Button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Wider ranges, and where the store has traces at all. */
function Elsewhere() {
  const go = useGo();
  const zone = useZone();
  const range = useResolvedRange();
  const status = useStoreStatus();
  const held = rangeAround(status?.oldestUnixNano, status?.newestUnixNano);
  const width = range.toMs - range.fromMs;
  const source = useSource();
  const inFiles = searchOfFiles(useFiles());
  if (source.id === FILE_SOURCE_ID) {
    return (
      <div className="state-actions">
        {inFiles && (
          <Button onClick={() => go({ from: inFiles.from, to: inFiles.to }, 'push')}>Search all open files</Button>
        )}
      </div>
    );
  }
  return (
    <>
      {held && (
        <p className="sec">The store holds spans of {formatRange(held.fromMs, held.toMs, zone, range.nowMs)}.</p>
      )}
      <div className="state-actions">
        {WIDER.filter(({ ms }) => ms > width).map(({ from, text }) => (
          <Button key={from} onClick={() => go({ from, to: 'now' }, 'push')}>
            {text}
          </Button>
        ))}
        {held && (
          <Button onClick={() => go({ from: String(held.fromMs), to: String(held.toMs), live: false }, 'push')}>
            Search all that is stored
          </Button>
        )}
      </div>
    </>
  );
}

function countText(count: number | undefined): string {
  return count === undefined ? '–' : formatCount(count);
}

function numberWord(n: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'][n] ?? String(n);
}
