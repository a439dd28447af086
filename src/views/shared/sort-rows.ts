/** A column of a sortable table; rows are compared by `value`. Unknown ones come last either way. */
export interface ColumnOrder<Row> {
  readonly key: string;
  readonly value: (row: Row) => string | number | bigint | undefined;
}

export interface TableSort<Key extends string = string> {
  readonly key: Key;
  readonly isDescending: boolean;
}

/** A stable copy in the order asked for. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly ColumnOrder<Row>[],
  { key, isDescending }: TableSort,
): readonly Row[] {
  const column = columns.find(candidate => candidate.key === key);
  if (column === undefined) return rows;
  return rows.toSorted((a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    if (left === undefined || right === undefined) return Number(left === undefined) - Number(right === undefined);
    const order = left < right ? -1 : left > right ? 1 : 0;
    return isDescending ? -order : order;
  });
}

/** A press on a heading: the other way round if it was sorted by it, else with the largest number or the first name on top. */
export function nextSort<Key extends string>(sort: TableSort<Key>, key: Key, isNumber: boolean): TableSort<Key> {
  return sort.key === key ? { key, isDescending: !sort.isDescending } : { key, isDescending: isNumber };
}
