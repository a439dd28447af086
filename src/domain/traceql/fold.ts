import type { FieldExpression, MathOperand, QueryBody, Stage } from '#domain/traceql/ast.ts';

/**
 * Post-order walk of a tree without recursion: `visit` gets a node and the results of its children, in order.
 * Linear in the number of nodes, at any depth.
 */
export function fold<N, T>(
  root: N,
  children: (node: N) => readonly N[],
  visit: (node: N, results: readonly T[]) => T,
): T {
  interface Frame {
    readonly node: N;
    readonly kids: readonly N[];
    readonly results: T[];
  }
  const stack: Frame[] = [{ node: root, kids: children(root), results: [] }];
  for (;;) {
    const top = stack[stack.length - 1];
    if (top.results.length < top.kids.length) {
      const kid = top.kids[top.results.length];
      const kids = children(kid);
      if (kids.length === 0) top.results.push(visit(kid, NONE));
      else stack.push({ node: kid, kids, results: [] });
      continue;
    }
    const result = visit(top.node, top.results);
    stack.pop();
    if (stack.length === 0) return result;
    stack[stack.length - 1].results.push(result);
  }
}

const NONE: readonly never[] = [];

/** Operands of a field expression. */
export function fieldChildren(node: FieldExpression): readonly FieldExpression[] {
  switch (node.type) {
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'logical':
      return node.operands;
    default:
      return NONE;
  }
}

/** Spansets below a stage; the field expressions inside are not part of this walk. */
export function stageChildren(node: Stage): readonly Stage[] {
  switch (node.type) {
    case 'combination':
      return node.operands;
    case 'structure':
      return [node.left, node.right];
    case 'pipeline':
      return node.stages;
    default:
      return NONE;
  }
}

/** Operands of metrics arithmetic. */
export function mathChildren(node: MathOperand): readonly MathOperand[] {
  return node.type === 'math' ? [node.left, node.right] : NONE;
}

/** Every pipeline of a query, from left to right (more than one only with metrics arithmetic). */
export function pipelinesOf(body: QueryBody): readonly Extract<QueryBody, { type: 'pipeline' }>[] {
  const found: Extract<QueryBody, { type: 'pipeline' }>[] = [];
  fold<MathOperand, void>(body, mathChildren, node => {
    if (node.type === 'pipeline') found.push(node);
  });
  return found;
}

/** Every field expression at the top of a filter, aggregate or `by`, in the order in which they stand. */
export function expressionsOf(stages: readonly Stage[]): readonly FieldExpression[] {
  const found: FieldExpression[] = [];
  for (const stage of stages) {
    fold<Stage, void>(stage, stageChildren, node => {
      if ((node.type === 'filter' || node.type === 'aggregate' || node.type === 'by') && node.expr !== undefined) {
        found.push(node.expr);
      }
      if (node.type === 'select') for (const field of node.fields) found.push(field);
    });
  }
  return found;
}
