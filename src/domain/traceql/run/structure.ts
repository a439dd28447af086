import type { SpansetStructure } from '#domain/traceql/ast.ts';
import type { NestedSet } from './nested-set.ts';

/**
 * Spans of a structural relation between two sets of spans (1 = member, by index). The answer holds spans of the right side;
 * `negated`: those of the right side without the relation to any of the left; `union`: both sides of the relation. Spans
 * that hang on no root are in none of the answers.
 */
export function relate(
  { relation, mode }: Pick<SpansetStructure, 'relation' | 'mode'>,
  nested: NestedSet,
  left: Uint8Array,
  right: Uint8Array,
): Uint8Array {
  const related = RELATIONS[relation](nested, left);
  const out = new Uint8Array(left.length);
  for (const i of nested.order) {
    if (mode === 'negated') out[i] = Number(right[i] === 1 && related[i] === 0);
    else out[i] = right[i] & related[i];
  }
  if (mode !== 'union') return out;
  // The other side: spans of the left that some span of the right stands in the mirrored relation to.
  const mirrored = RELATIONS[MIRRORED[relation]](nested, right);
  for (const i of nested.order) if (left[i] === 1 && mirrored[i] === 1) out[i] = 1;
  return out;
}

type Relation = SpansetStructure['relation'];

const MIRRORED: Readonly<Record<Relation, Relation>> = { '>': '<', '>>': '<<', '<': '>', '<<': '>>', '~': '~' };

/** Which spans stand in the relation to some span of the set: `{set} > {here}`. */
const RELATIONS: Readonly<Record<Relation, (nested: NestedSet, set: Uint8Array) => Uint8Array>> = {
  '>': ({ order, parentIndex }, set) => {
    const out = new Uint8Array(set.length);
    for (const i of order) if (parentIndex[i] >= 0) out[i] = set[parentIndex[i]];
    return out;
  },
  '>>': ({ order, parentIndex }, set) => {
    const out = new Uint8Array(set.length);
    // Parents come first.
    for (const i of order) {
      const p = parentIndex[i];
      if (p >= 0) out[i] = set[p] | out[p];
    }
    return out;
  },
  '<': ({ order, parentIndex }, set) => {
    const out = new Uint8Array(set.length);
    for (const i of order) if (set[i] === 1 && parentIndex[i] >= 0) out[parentIndex[i]] = 1;
    return out;
  },
  '<<': ({ order, parentIndex }, set) => {
    const out = new Uint8Array(set.length);
    for (let k = order.length - 1; k >= 0; k--) {
      const i = order[k];
      if (parentIndex[i] >= 0 && (set[i] | out[i]) === 1) out[parentIndex[i]] = 1;
    }
    return out;
  },
  '~': ({ order, parent }, set) => {
    // By the parent's number, so that roots (-1) are siblings of each other.
    const members = new Map<number, number>();
    for (const i of order) if (set[i] === 1) members.set(parent[i], (members.get(parent[i]) ?? 0) + 1);
    const out = new Uint8Array(set.length);
    for (const i of order) out[i] = Number((members.get(parent[i]) ?? 0) > set[i]);
    return out;
  },
};
