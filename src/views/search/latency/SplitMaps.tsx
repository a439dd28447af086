import { useEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { type FacetsState, type FieldCounts, useFacets } from '#state/explore/use-facets.ts';
import { useHeatmaps } from '#state/explore/use-heatmaps.ts';
import { announce } from '#state/session-store.ts';
import { useSource } from '#state/source-context.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { useResolvedRange } from '#state/use-resolved-range.ts';
import { useZone } from '#state/use-store.ts';
import { type Clock, durationsText, timesText } from '#views/search/box-text.ts';
import { splitFieldOfTag } from '#views/search/field-of-tag.ts';
import type { FilterBarState } from '#views/search/use-filters.ts';
import { useWidth } from '#views/search/use-width.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { useThemeVersion } from '#views/shared/colours.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { boxOfCells } from './box.ts';
import { fieldText, valueText } from './difference-text.ts';
import type { Cell, HeatGrid } from './heat-grid.ts';
import { countOf, errorsText, unitText } from './latency-text.ts';
import { readPalette } from './palette.ts';
import { SplitMap } from './SplitMap.tsx';
import { alikeGrids, SPLIT_GAP, SPLIT_LEFT, splitLayout } from './split-layout.ts';
import { MOST_SPLIT, type SplitValue, splitValues } from './split-values.ts';

/** The heatmap once for each of the commonest values of a field, on the same axes and colours. A press filters to one. */
export function SplitMaps({ tag, filters }: { tag: string; filters: FilterBarState }) {
  const go = useGo();
  const { of } = useUrl();
  const source = useSource();
  const host = useRef<HTMLDivElement>(null);
  const width = useWidth(host);
  const field = splitFieldOfTag(tag);
  const fields = useMemo(() => [tag], [tag]);
  const facets = useFacets(fields, filters.query, '', field !== undefined);
  const counts = facets.counts?.get(tag);
  const found = useMemo(
    () => counts && field && splitValues(counts, field, filters.query, filters.chips),
    [counts, field, filters.query, filters.chips],
  );
  const [reading, setReading] = useState('');
  const name = fieldText(tag);
  return (
    <section className="split" aria-label={`Heatmap split by ${name}`}>
      <header className="lat-head">
        <h3 className="nw">
          Split by <b className="strong">{name}</b>
        </h3>
        <span className="mut t11 nw">{counts && found && restText(counts, found.other, of)}</span>
        <span className="split-reading ell" aria-hidden="true">
          {reading}
        </span>
        <IconButton
          kind="quiet"
          icon="close"
          label="End the split"
          onClick={() => {
            go({ split: '' }, 'push');
            announce('The split has ended');
          }}
        />
      </header>
      <div ref={host}>
        {field === undefined ? (
          <p className="lat-empty">No filter can name this field. Split by one of the facets instead.</p>
        ) : source.facets === undefined ? (
          <p className="lat-empty">This source does not count the values of a field.</p>
        ) : facets.error ? (
          <ErrorState error={facets.error} onRetry={facets.retry} />
        ) : isWaiting(facets, counts) || width === 0 ? (
          <Skeleton count={4} perRow={4} />
        ) : found === undefined ? (
          <p className="lat-empty">This query cannot be narrowed to a value: it calculates with other queries.</p>
        ) : found.values.length === 0 ? (
          <p className="lat-empty">
            No trace that matches carries <b className="strong">{name}</b>.
          </p>
        ) : (
          <Maps
            name={name}
            values={found.values}
            width={width}
            onReading={setReading}
            onChoose={({ value }) => {
              filters.edit({ type: 'only', field, value });
              // Into the step that the filter made: one press, one way back.
              go({ split: '' }, 'replace');
            }}
          />
        )}
      </div>
    </section>
  );
}

function isWaiting({ isPending }: FacetsState, counts: FieldCounts | undefined): boolean {
  return isPending || counts === undefined;
}

function Maps({
  name,
  values,
  width,
  onReading,
  onChoose,
}: {
  name: string;
  values: readonly SplitValue[];
  width: number;
  onReading: (text: string) => void;
  onChoose: (value: SplitValue) => void;
}) {
  const { of } = useUrl();
  const zone = useZone();
  const { nowMs } = useResolvedRange();
  const theme = useThemeVersion();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme decides what the variables resolve to
  const palette = useMemo(() => readPalette(), [theme]);
  const clock = useMemo<Clock>(() => ({ zone, nowMs }), [zone, nowMs]);
  const layout = splitLayout(width, values.length);
  const { heatmaps, isFetching, isOutdated, error, retry } = useHeatmaps(
    values.map(({ query }) => query),
    layout.columns,
  );
  const known = heatmaps.filter(heatmap => heatmap !== undefined);
  const isKnown = known.length === values.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: answers are the same objects until they change
  const grids = useMemo(() => (isKnown ? alikeGrids(known) : []), [isKnown, ...padded(heatmaps)]);
  const [pointed, setPointed] = useState<Cell>();
  const point = (cell: Cell | undefined) => {
    setPointed(cell);
    onReading(cell ? readingText(cell, grids, values, clock) : '');
  };
  useEffect(() => () => onReading(''), [onReading]);
  const sentence = isKnown
    ? `${name}: ${values.map(({ value }, i) => `${valueText(value)} ${unitText(known[i]!.total, of, known[i]!.estimated)}`).join(', ')}`
    : '';
  if (error) return <ErrorState error={error} onRetry={retry} />;
  if (!isKnown) return <Skeleton count={values.length} perRow={layout.perRow} />;
  return (
    <>
      <div
        className={`split-maps ${isOutdated ? 'aged' : ''}`}
        aria-busy={isFetching}
        style={{
          gridTemplateColumns: `repeat(${layout.perRow}, ${layout.width}px)`,
          paddingLeft: SPLIT_LEFT,
          columnGap: SPLIT_GAP,
        }}
      >
        {values.map((value, i) => (
          <SplitMap
            key={`${value.value.type} ${value.value.value}`}
            name={name}
            value={value.value}
            heatmap={known[i]!}
            grid={grids[i]!}
            width={layout.width}
            hasDurations={i % layout.perRow === 0}
            palette={palette}
            zone={zone}
            pointed={pointed}
            onPoint={point}
            onChoose={() => onChoose(value)}
          />
        ))}
      </div>
      <p className="vh" role="status">
        {sentence}
      </p>
    </>
  );
}

/** As many as a list of dependencies must always have. */
function padded<T>(list: readonly T[]): readonly (T | undefined)[] {
  return Array.from({ length: MOST_SPLIT }, (_, i) => list[i]);
}

/** What one cell holds of each value. */
function readingText(cell: Cell, grids: readonly HeatGrid[], values: readonly SplitValue[], clock: Clock): string {
  const box = grids[0] && boxOfCells(grids[0], { from: cell, to: cell });
  const each = values.map(({ value }, i) => {
    const errors = grids[i]!.errors[cell.column * grids[i]!.rows + cell.row] ?? 0;
    return `${valueText(value)} ${formatCount(countOf(grids[i]!, cell))}${errors > 0 ? ` (${errorsText(errors)})` : ''}`;
  });
  return [box && timesText(box, clock), box && durationsText(box.minNs, box.maxNs), each.join(', ')]
    .filter(part => part !== undefined)
    .join(' · ');
}

function restText(counts: FieldCounts, other: number, of: string): string {
  const parts: string[] = [];
  if (other > 0) parts.push(`${formatCount(other)} other ${other === 1 ? 'value' : 'values'} not drawn`);
  if (counts.missing > 0 && of === 'traces') parts.push(`${formatCount(counts.missing)} without it`);
  return parts.join(' · ');
}

function Skeleton({ count, perRow }: { count: number; perRow: number }) {
  return (
    <div
      className="split-maps"
      aria-hidden="true"
      style={{ gridTemplateColumns: `repeat(${perRow}, 1fr)`, paddingLeft: SPLIT_LEFT, columnGap: SPLIT_GAP }}
    >
      {Array.from({ length: count }, (_, i) => i).map(i => (
        <span key={i} className="sk light split-sk" />
      ))}
    </div>
  );
}
