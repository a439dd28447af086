import type { TagValue } from '#domain/search/trace-summary.ts';
import { quoteGo } from '#domain/traceql/literals.ts';
import { ATTRIBUTE_SCOPES, INTRINSICS } from '#domain/traceql/names.ts';
import { printField } from '#domain/traceql/print.ts';
import type { TagScope } from '#state/explore/use-tags.ts';

/** One choice of a completion list. `apply` is what it writes, where that is not its label. */
export interface Option {
  readonly label: string;
  readonly detail?: string;
  readonly apply?: string;
  /** Higher stands earlier among equal matches. */
  readonly boost?: number;
}

const PLACE = { from: 0, to: 0 };
const USUAL_FIELDS = ['status', 'name', 'duration', 'kind', 'resource.service.name', 'statusMessage'];
const SCOPES = [...ATTRIBUTE_SCOPES.values()].filter(scope => scope !== 'parent' && scope !== 'baggage');

/** Every field that occurs, and the intrinsics; the usual first. */
export function fieldOptions(tags: readonly TagScope[], hasBaggage: boolean): readonly Option[] {
  const options = new Map<string, Option>();
  const put = (option: Option) => {
    if (!options.has(option.label)) options.set(option.label, option);
  };
  for (const label of USUAL_FIELDS) put({ label, boost: 60 });
  for (const { name, tags: keys } of tags) {
    const scope = [...SCOPES, 'baggage' as const].find(known => known === name);
    if (scope === undefined || (scope === 'baggage' && !hasBaggage)) continue;
    for (const key of keys) {
      put({
        label: printField({ type: 'attribute', scope, key, ...PLACE }),
        detail: scope,
        boost: scope === 'baggage' ? 40 : 20,
      });
    }
  }
  for (const label of INTRINSICS.keys()) if (label !== 'parent') put({ label, detail: 'intrinsic', boost: 10 });
  for (const scope of SCOPES) put({ label: `${scope}.`, detail: 'scope' });
  return [...options.values()];
}

/** Comparisons after a field. */
export function operatorOptions(): readonly Option[] {
  return [
    { label: '=', detail: 'is' },
    { label: '!=', detail: 'is not' },
    { label: '=~', detail: 'matches a regular expression' },
    { label: '!~', detail: 'does not match' },
    { label: '>', detail: 'more than' },
    { label: '>=', detail: 'at least' },
    { label: '<', detail: 'less than' },
    { label: '<=', detail: 'at most' },
    { label: '!= nil', detail: 'exists' },
    { label: '= nil', detail: 'is missing' },
  ].map((option, index) => ({ ...option, apply: `${option.label} `, boost: -index }));
}

/** What may follow a condition in braces. */
export function joinOptions(): readonly Option[] {
  return [
    { label: '&&', detail: 'and', apply: '&& ' },
    { label: '||', detail: 'or', apply: '|| ' },
    { label: '}', detail: 'end' },
  ];
}

/** What may follow braces. */
export function afterOptions(): readonly Option[] {
  return [
    { label: '|', detail: 'next stage' },
    { label: '&&', detail: 'and, somewhere in the trace' },
    { label: '||', detail: 'or' },
    { label: '>>', detail: 'has a descendant' },
    { label: '>', detail: 'has a child' },
    { label: '<<', detail: 'has an ancestor' },
    { label: '<', detail: 'has a parent' },
    { label: '~', detail: 'has a sibling' },
    { label: '&>>', detail: 'both sides of >>' },
    { label: '!>>', detail: 'not below' },
  ].map((option, index) => ({ ...option, apply: `${option.label} `, boost: -index }));
}

/** Stages after a bar. */
export function stageOptions(): readonly Option[] {
  return [
    { label: 'count()', detail: 'number of matching spans', apply: 'count() > ' },
    { label: 'avg(duration)', detail: 'of the matching spans', apply: 'avg(duration) > ' },
    { label: 'max(duration)', detail: 'of the matching spans', apply: 'max(duration) > ' },
    { label: 'min(duration)', detail: 'of the matching spans', apply: 'min(duration) > ' },
    { label: 'sum(duration)', detail: 'of the matching spans', apply: 'sum(duration) > ' },
    { label: 'by(', detail: 'group the matching spans' },
    { label: 'select(', detail: 'attributes to bring along' },
    { label: 'coalesce()', detail: 'undo the grouping' },
  ];
}

export function startOptions(): readonly Option[] {
  return [
    { label: '{ }', detail: 'every span', apply: '{  }' },
    { label: '{ status = error }', detail: 'failed spans' },
  ];
}

/** Values as they are written in a query. */
export function valueOptions(values: readonly TagValue[], isRegex: boolean): readonly Option[] {
  return values.map(({ type, value }, index): Option => {
    const text = type === 'string' || isRegex ? quoteGo(value) : value;
    return {
      label: text,
      ...(type !== 'string' && type !== 'keyword' && { detail: type }),
      boost: -Math.min(99, index),
    };
  });
}
