import { type ReactNode, useMemo, useState } from 'react';
import { Button } from './Button.tsx';
import { type ColumnOrder, nextSort, sortRows, type TableSort } from './sort-rows.ts';
import './data-table.css';

export interface Column<Row> extends ColumnOrder<Row> {
  readonly title: string;
  readonly isNumber?: boolean;
  /** Says what the numbers are, where the title is too short for it. */
  readonly tip?: string;
  readonly cell: (row: Row) => ReactNode;
}

/** Rows that are shown before somebody asks for all. */
const FIRST_ROWS = 12;

/** A table whose headings sort it. The order lasts as long as the page; a long one is cut until all of it is asked for. */
export function SortableTable<Row>({
  label,
  rows,
  rowKey,
  columns,
  first,
  firstRows = FIRST_ROWS,
}: {
  label: string;
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  columns: readonly Column<Row>[];
  first: TableSort;
  firstRows?: number;
}) {
  const [sort, setSort] = useState(first);
  const [showsAll, setShowsAll] = useState(false);
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  const shown = showsAll ? sorted : sorted.slice(0, firstRows);
  return (
    <div>
      <table className="data-table" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ key, title, isNumber = false, tip }) => (
              <th
                key={key}
                scope="col"
                className={isNumber ? 'num' : ''}
                aria-sort={sort.key !== key ? 'none' : sort.isDescending ? 'descending' : 'ascending'}
              >
                <button
                  type="button"
                  className="sort"
                  data-tip={tip}
                  onClick={() => setSort(nextSort(sort, key, isNumber))}
                >
                  {title}
                  {sort.key === key && <span aria-hidden="true">{sort.isDescending ? ' ↓' : ' ↑'}</span>}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(row => (
            <tr key={rowKey(row)}>
              {columns.map(({ key, isNumber = false, cell }) => (
                <td key={key} className={isNumber ? 'num' : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < sorted.length && (
        <Button kind="quiet" onClick={() => setShowsAll(true)} aria-label={`Show all ${sorted.length} rows: ${label}`}>
          Show all {sorted.length}
        </Button>
      )}
    </div>
  );
}
