import { type Filter, type FilterField, type FilterOp, filterFieldKey } from '#domain/search/filter.ts';
import type { TagValue } from '#domain/search/trace-summary.ts';

/** What the reader does to the filter bar. `at` is the index of a chip. */
export type ChipEdit =
  | { readonly type: 'add'; readonly filter: Filter }
  | { readonly type: 'remove'; readonly at: number }
  | { readonly type: 'replace'; readonly at: number; readonly filter: Filter }
  | { readonly type: 'toggle-exclude'; readonly at: number }
  | { readonly type: 'toggle-pause'; readonly at: number }
  | { readonly type: 'toggle-value'; readonly field: FilterField; readonly value: TagValue; readonly exclude: boolean }
  | { readonly type: 'only'; readonly field: FilterField; readonly value: TagValue };

/** The chips after an edit; never changes its input. Chips without a value that need one are dropped. */
export function editChips(chips: readonly Filter[], edit: ChipEdit): readonly Filter[] {
  switch (edit.type) {
    case 'add':
      return addChip(chips, edit.filter);
    case 'remove':
      return chips.filter((_, index) => index !== edit.at);
    case 'replace':
      return edit.filter.values.length === 0 && needsValue(edit.filter.op)
        ? chips.filter((_, index) => index !== edit.at)
        : chips.map((chip, index) => (index === edit.at ? edit.filter : chip));
    case 'toggle-exclude':
      return chips.map((chip, index) => (index === edit.at ? { ...chip, op: oppositeOp(chip.op) } : chip));
    case 'toggle-pause':
      return chips.map((chip, index) => (index === edit.at ? withPause(chip, chip.paused !== true) : chip));
    case 'toggle-value':
      return toggleValue(chips, edit.field, edit.value, edit.exclude ? '!=' : '=');
    case 'only': {
      const key = filterFieldKey(edit.field);
      const others = chips.filter(chip => filterFieldKey(chip.field) !== key || !isEquality(chip.op));
      return [...others, { field: edit.field, op: '=', values: [edit.value] }];
    }
  }
}

/** Whether chips ask for (`include`) or leave out (`exclude`) a value of a field; paused chips do not count. */
export function choiceOf(
  chips: readonly Filter[],
  field: FilterField,
  value: TagValue,
): 'include' | 'exclude' | undefined {
  const key = filterFieldKey(field);
  for (const chip of chips) {
    if (chip.paused || !isEquality(chip.op) || filterFieldKey(chip.field) !== key) continue;
    if (chip.values.some(other => other.value === value.value)) return chip.op === '=' ? 'include' : 'exclude';
  }
  return undefined;
}

/** The operator that keeps what the other leaves out. */
export function oppositeOp(op: FilterOp): FilterOp {
  const opposites: Readonly<Record<FilterOp, FilterOp>> = {
    '=': '!=',
    '!=': '=',
    '=~': '!~',
    '!~': '=~',
    '<': '>=',
    '>=': '<',
    '>': '<=',
    '<=': '>',
    exists: 'missing',
    missing: 'exists',
  };
  return opposites[op];
}

export function needsValue(op: FilterOp): boolean {
  return op !== 'exists' && op !== 'missing';
}

/** A second condition with the same field and operator joins the first as one more value. */
function addChip(chips: readonly Filter[], filter: Filter): readonly Filter[] {
  const at = isEquality(filter.op) ? indexOfChip(chips, filter.field, filter.op) : -1;
  if (at < 0) return [...chips, filter];
  const present = chips[at]!;
  const added = filter.values.filter(value => !present.values.some(other => other.value === value.value));
  const joined = { ...present, values: [...present.values, ...added] };
  return chips.map((chip, index) => (index === at ? joined : chip));
}

function toggleValue(chips: readonly Filter[], field: FilterField, value: TagValue, op: '=' | '!='): readonly Filter[] {
  const at = indexOfChip(chips, field, op);
  const has = at >= 0 && chips[at]!.values.some(other => other.value === value.value);
  if (has) {
    const chip = chips[at]!;
    const values = chip.values.filter(other => other.value !== value.value);
    return editChips(chips, { type: 'replace', at, filter: { ...chip, values } });
  }
  // A value is never asked for and left out at once.
  const opposite = indexOfChip(chips, field, op === '=' ? '!=' : '=');
  const cleared = opposite < 0 ? chips : removeValue(chips, opposite, value);
  return addChip(cleared, { field, op, values: [value] });
}

function removeValue(chips: readonly Filter[], at: number, value: TagValue): readonly Filter[] {
  const chip = chips[at]!;
  const values = chip.values.filter(other => other.value !== value.value);
  return editChips(chips, { type: 'replace', at, filter: { ...chip, values } });
}

function indexOfChip(chips: readonly Filter[], field: FilterField, op: FilterOp): number {
  const key = filterFieldKey(field);
  return chips.findIndex(chip => !chip.paused && chip.op === op && filterFieldKey(chip.field) === key);
}

function withPause(chip: Filter, paused: boolean): Filter {
  const { field, op, values } = chip;
  return paused ? { field, op, values, paused: true } : { field, op, values };
}

function isEquality(op: FilterOp): boolean {
  return op === '=' || op === '!=';
}
