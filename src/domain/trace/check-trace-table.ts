import { SpanFlag, type TraceTable } from './trace-table.ts';

const MANY = 20;

/** The invariants of a table that do not hold, as sentences; empty for a sound one. At most the first 20 are named. */
export function checkTraceTable(table: TraceTable): string[] {
  const violations: string[] = [];
  const expect = (holds: boolean, what: () => string): void => {
    if (!holds && violations.length < MANY) violations.push(what());
  };
  checkTree(table, expect);
  checkSiblings(table, expect);
  checkTimes(table, expect);
  checkIndexes(table, expect);
  checkCopies(table, expect);
  checkRanges('events', table.events.offset, table.length, table.events.timeNs.length, expect);
  checkRanges('links', table.links.offset, table.length, table.links.spanId.length, expect);
  return violations;
}

type Expect = (holds: boolean, what: () => string) => void;

function checkTree({ length, parent, depth, subtreeEnd, flags, damage }: TraceTable, expect: Expect): void {
  let roots = 0;
  let orphans = 0;
  const end = new Int32Array(length);
  const lastAt = new Int32Array(length).fill(-1);
  for (let row = length - 1; row >= 0; row--) {
    end[row] = Math.max(end[row], row + 1);
    if (parent[row] >= 0) end[parent[row]] = Math.max(end[parent[row]], end[row]);
  }
  for (let row = 0; row < length; row++) {
    const above = parent[row];
    if (above < 0) roots++;
    if ((flags[row] & SpanFlag.orphan) !== 0) orphans++;
    expect(above >= -1 && above < row, () => `parent[${row}] = ${above} is not below its row`);
    expect(depth[row] === (above < 0 ? 0 : depth[above] + 1), () => `depth[${row}] = ${depth[row]}`);
    expect(subtreeEnd[row] === end[row], () => `subtreeEnd[${row}] = ${subtreeEnd[row]}, not ${end[row]}`);
    // Pre-order: the parent is the row before or one of its ancestors, the last one that is a level up.
    lastAt[Math.max(0, depth[row])] = row;
    const inside = above < 0 || (lastAt[depth[row] - 1] === above && depth[row] <= depth[row - 1] + 1);
    expect(inside, () => `row ${row} does not stand in the subtree of its parent ${above}`);
    const rooted = (flags[row] & (SpanFlag.orphan | SpanFlag.cycleBroken)) !== 0;
    expect(!rooted || above < 0, () => `row ${row} is flagged as cut off but has a parent`);
  }
  expect(roots === damage.roots, () => `damage.roots = ${damage.roots}, there are ${roots}`);
  expect(orphans === damage.orphans, () => `damage.orphans = ${damage.orphans}, there are ${orphans}`);
}

function checkSiblings(table: TraceTable, expect: Expect): void {
  const { length, parent, subtreeEnd, startNs, flags, parentSpanId } = table;
  for (let row = 0; row < length; row++) {
    const next = subtreeEnd[row];
    if (next >= length || parent[next] !== parent[row]) continue;
    const grouped = ((flags[row] | flags[next]) & SpanFlag.orphan) !== 0 && parentSpanId[row] !== parentSpanId[next];
    // Groups of orphans stand by their first span, so that only neighbours within one are ordered for certain.
    if (parent[row] < 0 && (grouped || (flags[row] & SpanFlag.orphan) !== (flags[next] & SpanFlag.orphan))) continue;
    expect(startNs[row] <= startNs[next], () => `sibling ${next} starts before ${row}`);
  }
}

function checkTimes(
  { length, startNs, spanDurationNs, flags, durationNs, baseUnixNano }: TraceTable,
  expect: Expect,
): void {
  let earliest = Number.POSITIVE_INFINITY;
  for (let row = 0; row < length; row++) {
    expect(Number.isFinite(startNs[row]), () => `startNs[${row}] = ${startNs[row]}`);
    expect(Number.isFinite(spanDurationNs[row]), () => `spanDurationNs[${row}] = ${spanDurationNs[row]}`);
    const negative = (flags[row] & SpanFlag.negative) !== 0;
    expect(
      negative === spanDurationNs[row] < 0,
      () => `row ${row} lasts ${spanDurationNs[row]} ns, flagged: ${negative}`,
    );
    const offScale = (flags[row] & SpanFlag.offScale) !== 0;
    if (!offScale || startNs[row] === 0) earliest = Math.min(earliest, startNs[row]);
  }
  expect(durationNs >= 0 && Number.isFinite(durationNs), () => `durationNs = ${durationNs}`);
  expect(baseUnixNano >= 0n && baseUnixNano < 1n << 64n, () => `baseUnixNano = ${baseUnixNano}`);
  expect(length === 0 || earliest === 0, () => `the earliest start is ${earliest} ns after the base`);
}

function checkIndexes(table: TraceTable, expect: Expect): void {
  const within = (column: Int32Array, from: number, size: number, what: string): void => {
    for (let i = 0; i < column.length; i++) {
      expect(column[i] >= from && column[i] < size, () => `${what}[${i}] = ${column[i]} of ${size}`);
    }
  };
  within(table.name, 0, table.strings.size, 'name');
  within(table.statusMessage, 0, table.strings.size, 'statusMessage');
  within(table.traceState, 0, table.strings.size, 'traceState');
  within(table.events.name, 0, table.strings.size, 'events.name');
  within(table.resource, -1, table.resources.length, 'resource');
  within(table.scope, -1, table.scopes.length, 'scope');
  const strings = new Set<string>();
  for (let i = 0; i < table.strings.size; i++) strings.add(table.strings.at(i));
  expect(table.strings.at(0) === '', () => 'string 0 is not empty');
  expect(strings.size === table.strings.size, () => 'a string occurs twice');
}

function checkCopies({ copies, flags, damage }: TraceTable, expect: Expect): void {
  let dropped = 0;
  let flagged = 0;
  for (const bits of flags) if ((bits & SpanFlag.repeated) !== 0) flagged++;
  for (let i = 0; i < copies.row.length; i++) {
    const row = copies.row[i];
    dropped += copies.received[i] - 1;
    expect((flags[row] & SpanFlag.repeated) !== 0, () => `row ${row} has copies, but is not flagged`);
    expect(i === 0 || row > copies.row[i - 1], () => `copies.row[${i}] = ${row} does not ascend`);
  }
  expect(flagged === copies.row.length, () => `${flagged} rows are flagged as repeated, ${copies.row.length} counted`);
  const known = damage.identicalDuplicates;
  expect(dropped === known, () => `damage.identicalDuplicates = ${known}, there are ${dropped}`);
}

function checkRanges(what: string, offset: Uint32Array, length: number, items: number, expect: Expect): void {
  expect(offset.length === length + 1 && offset[0] === 0, () => `${what}.offset has ${offset.length} entries`);
  for (let row = 0; row < length; row++) {
    expect(offset[row] <= offset[row + 1], () => `${what}.offset falls after row ${row}`);
  }
  expect(offset[length] === items, () => `${what}: ${items} items, ${offset[length]} in rows`);
}
