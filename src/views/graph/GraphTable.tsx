import { useMemo, useRef, useState } from 'react';
import type { GraphPart } from '#domain/api/graph-api.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { FIRST_ORDER, type GraphOrder } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { Button } from '#views/shared/Button.tsx';
import { DurationText } from '#views/shared/DurationText.tsx';
import { Segmented } from '#views/shared/Segmented.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { saveText } from '#views/shared/save-file.ts';
import { nextSort, sortRows } from '#views/shared/sort-rows.ts';
import { scrollTopShowing, useVisibleRows } from '#views/shared/virtual-rows.ts';
import { ratioWords } from './change-words.ts';
import { keyOfPart } from './part-figures.ts';
import { edgeRows, hasGroups, nodeRows, TABLE_ORDER, type TableData, type TableRow, tableCsv } from './table-rows.ts';
import { nameText, rateText } from './texts.ts';
import './graph-table.css';

const ROW = 26;
const HEAD = 28;

const COLUMNS = [
  { key: 'from', title: 'From', isNumber: false },
  { key: 'to', title: 'To', isNumber: false },
  { key: 'kind', title: 'Kind', isNumber: false },
  { key: 'group', title: 'Group', isNumber: false },
  { key: 'rate', title: 'Calls', isNumber: true },
  { key: 'errors', title: 'Errors', isNumber: true },
  { key: 'p50', title: 'p50', isNumber: true },
  { key: 'p95', title: 'p95', isNumber: true },
  { key: 'p99', title: 'p99', isNumber: true },
  { key: 'queue', title: 'Queue p50', isNumber: true },
  { key: 'change', title: 'p95 change', isNumber: true },
] as const;

/** The graph as a table, sorted by its headings: edges or nodes. Rows out of sight are not in the document. */
export function GraphTable({
  data,
  selected,
  onSelect,
}: {
  data: TableData;
  selected: GraphPart | undefined;
  onSelect: (part: GraphPart) => void;
}) {
  const { rows: of, order: sort } = useUrl();
  const go = useGo();
  const edges = useMemo(() => edgeRows(data), [data]);
  const nodes = useMemo(() => nodeRows(data), [data]);
  const all = of === 'edges' ? edges : nodes;
  const rows = useMemo(() => sortRows(all, TABLE_ORDER, sort), [all, sort]);
  const isGrouped = of === 'nodes' && hasGroups(nodes);
  const columns = COLUMNS.filter(
    ({ key }) => (of === 'edges' || (key !== 'from' && key !== 'queue')) && (isGrouped || key !== 'group'),
  );
  return (
    <div className="sg-table">
      <div className="sg-table-bar">
        <Segmented
          label="Rows"
          value={of}
          options={[
            { value: 'edges', text: `Edges ${formatCount(edges.length)}` },
            { value: 'nodes', text: `Nodes ${formatCount(nodes.length)}` },
          ]}
          onChange={value => go({ rows: value, order: FIRST_ORDER }, 'replace')}
        />
        <span className="grow" />
        <Button icon="download" onClick={() => saveText(`service-graph-${of}.csv`, 'text/csv', tableCsv(rows, of))}>
          CSV
        </Button>
      </div>
      <Rows
        of={of}
        rows={rows}
        columns={columns}
        sort={sort}
        onSort={order => go({ order }, 'replace')}
        selected={selected}
        onSelect={onSelect}
      />
    </div>
  );
}

function Rows({
  of,
  rows,
  columns,
  sort,
  onSort,
  selected,
  onSelect,
}: {
  of: 'edges' | 'nodes';
  rows: readonly TableRow[];
  columns: readonly (typeof COLUMNS)[number][];
  sort: GraphOrder;
  onSort: (sort: GraphOrder) => void;
  selected: GraphPart | undefined;
  onSelect: (part: GraphPart) => void;
}) {
  const pane = useRef<HTMLDivElement>(null);
  const { first, end } = useVisibleRows(pane, ROW, rows.length, 12);
  const [focused, setFocused] = useState(0);
  const wanted = useRef(-1);
  const chosen = selected && keyOfPart(selected);
  const at = Math.min(focused, rows.length - 1);

  const focusRow = (row: number): void => {
    const element = pane.current;
    if (!element) return;
    setFocused(row);
    element.scrollTop = scrollTopShowing(row, element.scrollTop, element.clientHeight - HEAD, ROW);
    wanted.current = row;
    // At once where it can be: the next key may follow within a frame.
    if (focusNow(element, row)) return;
    // A row out of sight comes into the document with the scroll event.
    requestAnimationFrame(() => requestAnimationFrame(() => wanted.current === row && focusNow(element, row)));
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || event.target.dataset.row === undefined) return;
    const page = Math.max(1, Math.floor((pane.current!.clientHeight - HEAD) / ROW) - 1);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    const to =
      event.key === 'Home' ? 0 : event.key === 'End' ? rows.length - 1 : step === undefined ? undefined : at + step;
    if (to === undefined) return;
    event.preventDefault();
    focusRow(Math.max(0, Math.min(rows.length - 1, to)));
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys move between the rows within
    <div className="sg-table-pane" ref={pane} onKeyDown={onKeyDown}>
      <table
        aria-label={of === 'edges' ? 'Calls between services' : 'Services and what they call'}
        aria-rowcount={rows.length + 1}
      >
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, title, isNumber }) => (
              <th
                key={key}
                scope="col"
                className={isNumber ? 'num' : ''}
                aria-sort={sort.key !== key ? 'none' : sort.isDescending ? 'descending' : 'ascending'}
              >
                <button type="button" className="sort" onClick={() => onSort(nextSort(sort, key, isNumber))}>
                  {of === 'nodes' && key === 'to' ? 'Name' : title}
                  {sort.key === key && <span aria-hidden="true">{sort.isDescending ? ' ↓' : ' ↑'}</span>}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space rows={first} columns={columns.length} />
          {rows.slice(first, end).map((row, i) => (
            <Row
              key={row.key}
              row={row}
              index={first + i}
              of={of}
              isGrouped={columns.some(({ key }) => key === 'group')}
              isChosen={row.key === chosen}
              isFocusable={first + i === at}
              onFocus={setFocused}
              onSelect={onSelect}
            />
          ))}
          <Space rows={rows.length - end} columns={columns.length} />
        </tbody>
      </table>
      {rows.length === 0 && <p className="sg-panel-note mut">No calls to list.</p>}
    </div>
  );
}

/** Whether the row is in the document. */
function focusNow(pane: HTMLElement, row: number): boolean {
  const button = pane.querySelector<HTMLElement>(`[data-row="${row}"]`);
  button?.focus({ preventScroll: true });
  return button !== null;
}

/** Stands for rows out of sight. */
function Space({ rows, columns }: { rows: number; columns: number }) {
  return rows <= 0 ? null : (
    <tr>
      <td colSpan={columns} style={{ height: rows * ROW, padding: 0 }} />
    </tr>
  );
}

function Row({
  row,
  index,
  of,
  isGrouped,
  isChosen,
  isFocusable,
  onFocus,
  onSelect,
}: {
  row: TableRow;
  index: number;
  of: 'edges' | 'nodes';
  isGrouped: boolean;
  isChosen: boolean;
  isFocusable: boolean;
  onFocus: (index: number) => void;
  onSelect: (part: GraphPart) => void;
}) {
  const isEdge = of === 'edges';
  const isService = isEdge || 'service' in row.part;
  const name = nameText(isEdge ? row.from : row.to);
  return (
    // The button of the row is the way for keys and screen readers; a press anywhere else on it is a short cut.
    <tr aria-rowindex={index + 2} className={isChosen ? 'chosen' : ''} onClick={() => onSelect(row.part)}>
      <th scope="row">
        <button
          type="button"
          className="sg-row-name"
          data-row={index}
          tabIndex={isFocusable ? 0 : -1}
          aria-pressed={isChosen}
          aria-label={isEdge ? `${name} to ${nameText(row.to)}` : name}
          onFocus={() => onFocus(index)}
        >
          {isService && <ServiceKey service={isEdge ? row.from : row.to} />}
          <span className="ell">{name}</span>
        </button>
      </th>
      {isEdge && <td className="ell">{nameText(row.to)}</td>}
      <td className="sec ell">{visibleText(row.kind)}</td>
      {isGrouped && <td className="sec ell">{row.group === '' ? '·' : visibleText(row.group)}</td>}
      <td className="num">{rateText(row.perSecond, 1)}</td>
      <td className={`num ${row.errorShare > 0 ? 'err' : 'mut'}`}>
        {row.errorShare > 0 ? formatPercent(row.errorShare) : '·'}
      </td>
      {[row.p50Ns, row.p95Ns, row.p99Ns, ...(isEdge ? [row.queueNs] : [])].map((ns, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: figures in their order
        <td key={i} className="num">
          {ns === undefined || ns === 0 ? '·' : <DurationText ns={ns} />}
        </td>
      ))}
      <Change row={row} />
    </tr>
  );
}

function Change({ row: { changes, p95Ns, p95BeforeNs } }: { row: TableRow }) {
  const worse = changes.some(change => change.worse);
  const marked = changes.map(({ what }) => (what === 'rate' ? 'calls' : what)).join(', ');
  const words = p95BeforeNs === undefined ? '·' : ratioWords(p95BeforeNs, p95Ns);
  return (
    <td className={`num ${worse ? 'sg-worse' : changes.length > 0 ? 'strong' : 'mut'}`}>
      {worse && '▲ '}
      {words}
      {marked !== '' && <span className="sec"> {marked}</span>}
    </td>
  );
}
