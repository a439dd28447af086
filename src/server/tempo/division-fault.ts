import type { FieldExpression } from '#domain/traceql/ast.ts';
import { expressionsOf, fieldChildren, fold, pipelinesOf } from '#domain/traceql/fold.ts';
import { printExpression } from '#domain/traceql/print.ts';
import { INTRINSIC_TYPES, readQuery } from '#domain/traceql/validate.ts';

/** Spares almost every query a second reading. */
const SUSPICION = /[/%]\s*-?0/;

/**
 * An integer that the query divides by a constant zero. It parses and fails while it runs: Tempo answers 500, and an empty
 * result would be a lie. Undefined if there is none.
 */
export function divisionFault(q: string): string | undefined {
  if (!SUSPICION.test(q)) return undefined;
  const read = readQuery(q);
  if (!read.ok) return undefined;
  for (const { stages } of pipelinesOf(read.value.body)) {
    for (const expr of expressionsOf(stages)) {
      let fault: FieldExpression | undefined;
      fold<FieldExpression, void>(expr, fieldChildren, node => {
        if (dividesByZero(node)) fault ??= node;
      });
      if (fault !== undefined) return `integer divide by zero: ${printExpression(fault).slice(0, 200)}`;
    }
  }
  return undefined;
}

/** Durations and floats divide as floats do. */
function dividesByZero(node: FieldExpression): boolean {
  if (node.type !== 'binary' || (node.op !== '/' && node.op !== '%')) return false;
  const { left, right } = node;
  if (right.type !== 'static' || right.value.type !== 'int' || right.value.value !== 0n) return false;
  if (left.type === 'intrinsic') return INTRINSIC_TYPES[left.name] === 'int';
  return left.type !== 'static' || left.value.type === 'int';
}
