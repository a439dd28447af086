import type { LatencyHeatmap } from '#domain/api/latency-api.ts';
import { ROWS_PER_OCTAVE } from '#domain/latency/duration-rows.ts';
import { type CountedCell, heatmapOfCells } from '#domain/latency/heatmap-of-cells.ts';
import { type ColumnGrid, columnGrid, describeGrid } from '#domain/latency/time-columns.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { segmentTable } from '#server/store/schema/segment-table.ts';
import { answering } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import { coversOf } from './covers.ts';
import { durationRowSql, NO_ROW } from './duration-row-sql.ts';
import { type LatencyArgs, type LatencyUnits, latencyUnits, matchedTraces } from './units.ts';

export interface ColumnsArgs extends LatencyArgs {
  readonly columns: number;
}

/** Counts by time and duration, over exactly what the query matches. */
export async function heatmap(context: QueryContext, args: ColumnsArgs): Promise<Answer<LatencyHeatmap>> {
  return answering(async () => {
    const grid = columnGrid(args.startNs, args.endNs, args.columns);
    const units = await latencyUnits(context, args);
    const { cells, observed, maxNs } = await countCells(units, grid);
    const exact = maxNs === undefined ? {} : { maxNs };
    return {
      ...describeGrid(grid),
      ...heatmapOfCells(cells, grid.columns, { rowsPerOctave: ROWS_PER_OCTAVE, ...exact }),
      rowsPerOctave: ROWS_PER_OCTAVE,
      upperInclusive: false,
      of: args.of,
      covers: coversOf(args.of, units.estimated),
      estimated: units.estimated,
      observed,
      withoutRoot: args.of === 'traces' ? await countRootless(units, grid) : 0,
    };
  });
}

async function countCells(
  { sql, relation, count, errors, estimated }: LatencyUnits,
  grid: ColumnGrid,
): Promise<{ cells: readonly CountedCell[]; observed: number; maxNs: number | undefined }> {
  if (relation === undefined) return { cells: [], observed: 0, maxNs: undefined };
  const c = await sql.columns(
    `select ${columnSql(grid)} as t, ${durationRowSql('duration_ns')} as r, ${count} as n, ${errors} as e,
       ${estimated ? 'count(*)' : 'null'} as seen, max(duration_ns) as longest
     from ${relation} group by t, r`,
  );
  let [observed, maxNs] = [0, 0];
  const cells = ((c.t ?? []) as number[]).map((column, i): CountedCell => {
    const count = Number(c.n[i]);
    observed += estimated ? Number(c.seen[i]) : count;
    maxNs = Math.max(maxNs, Number(c.longest[i]));
    const row = c.r[i] as number;
    return { column, row: row === NO_ROW ? undefined : row, count, errors: Number(c.e[i]) };
  });
  return { cells, observed, maxNs: maxNs === 0 ? undefined : maxNs };
}

/** The column of a unit by its start. In a byte where that will do: DuckDB then counts in an array instead of a hash table. */
export function columnSql({ startNs, stepNs, columns }: ColumnGrid): string {
  return `((start_ns - ${startNs}) // ${stepNs})::${columns <= 256 ? 'utinyint' : 'usmallint'}`;
}

/** Traces with a matching span within the range and without any root. */
async function countRootless({ sql, matching, around }: LatencyUnits, grid: ColumnGrid): Promise<number> {
  if (matching.length === 0) return 0;
  const within = matching.map(({ segment, rows }) => ({
    segment,
    rows: `${rows} and s.start_ns >= ${grid.startNs} and s.start_ns < ${grid.endNs}`,
  }));
  const roots = around
    .map(({ id }) => `select trace_id from ${segmentTable('spans', id)} where parent_span_id = 0`)
    .join(' union all ');
  const [row] = await sql.rows(
    `select count(*) as n from (${matchedTraces(within)}) m where m.trace_id not in (${roots})`,
  );
  return Number(row?.n ?? 0);
}
