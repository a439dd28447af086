/**
 * TraceQL as a tree. `from`/`to` are offsets of UTF-16 code units into the query text, for error marks and editors; they
 * carry no meaning. Chains of one logical operator are one node with many operands, so that a list of a thousand values
 * is not a thousand levels deep. Trees may still be as deep as the text is long: walk them with `fold.ts`, never recursively.
 */
export interface Query {
  readonly body: QueryBody;
  readonly hints: readonly Hint[];
}

export type QueryBody = PipelineQuery | MetricsMath;

/** `{ … } | stage | stage`, and for metrics ` | rate() by (…) | topk(3)`. */
export interface PipelineQuery {
  readonly type: 'pipeline';
  /** At least one; the first is a spanset or `by`. */
  readonly stages: readonly Stage[];
  readonly metrics: Metrics | undefined;
  /** Only with `metrics`. */
  readonly second: readonly SecondStage[];
}

/** `({ … } | rate()) / ({ … } | rate())`; a number may stand on the right. */
export interface MetricsMath {
  readonly type: 'math';
  readonly op: MathOp;
  readonly left: MathOperand;
  readonly right: MathOperand;
  readonly second: readonly SecondStage[];
}

export type MathOp = '+' | '-' | '*' | '/';
export type MathOperand = QueryBody | { readonly type: 'number'; readonly value: Static };

export interface Hint {
  readonly name: string;
  readonly value: Static;
}

export type Stage = Spanset | GroupBy | Coalesce | Select;

export type Spanset = SpansetFilter | SpansetCombination | SpansetStructure | AggregateFilter | SpansetPipeline;

/** `{ expr }`; `{ }` is every span. */
export interface SpansetFilter extends Place {
  readonly type: 'filter';
  readonly expr: FieldExpression | undefined;
}

/** `A && B && C`: all (any) of them somewhere in the trace. Between spansets both operators bind equally, to the left. */
export interface SpansetCombination extends Place {
  readonly type: 'combination';
  readonly op: '&&' | '||';
  readonly operands: readonly Spanset[];
}

/** `A >> B` (descendants), `!>>` (negated), `&>>` (both sides of the relation). */
export interface SpansetStructure extends Place {
  readonly type: 'structure';
  readonly relation: '>' | '>>' | '<' | '<<' | '~';
  readonly mode: 'right' | 'negated' | 'union';
  readonly left: Spanset;
  readonly right: Spanset;
}

/** `avg(duration) > 1s`. */
export interface AggregateFilter extends Place {
  readonly type: 'aggregate';
  readonly fn: 'count' | 'avg' | 'min' | 'max' | 'sum';
  /** Undefined for `count()`. */
  readonly expr: FieldExpression | undefined;
  readonly op: OrderOp;
  readonly value: Static;
}

/** `( { … } | count() > 2 )` as an operand. */
export interface SpansetPipeline extends Place {
  readonly type: 'pipeline';
  /** At least two. */
  readonly stages: readonly Stage[];
}

export interface GroupBy extends Place {
  readonly type: 'by';
  readonly expr: FieldExpression;
}

export interface Coalesce extends Place {
  readonly type: 'coalesce';
}

export interface Select extends Place {
  readonly type: 'select';
  readonly fields: readonly Field[];
}

export type Metrics = { readonly by: readonly Field[] } & Place &
  (
    | { readonly fn: 'rate' | 'count_over_time' }
    | {
        readonly fn: 'min_over_time' | 'max_over_time' | 'avg_over_time' | 'sum_over_time' | 'histogram_over_time';
        readonly field: Field;
      }
    | { readonly fn: 'quantile_over_time'; readonly field: Field; readonly quantiles: readonly number[] }
    | {
        readonly fn: 'compare';
        readonly selection: SpansetFilter;
        readonly topN: number | undefined;
        /** Unix ns of the window of the selection. */
        readonly window: { readonly startNs: bigint; readonly endNs: bigint } | undefined;
      }
  );

export type SecondStage =
  | { readonly type: 'topk' | 'bottomk'; readonly n: number }
  | { readonly type: 'compare'; readonly op: OrderOp; readonly value: Static };

/** What stands inside braces. */
export type FieldExpression = Field | StaticExpression | Unary | Binary | Logical;

export type Field = AttributeField | IntrinsicField;

export interface AttributeField extends Place {
  readonly type: 'attribute';
  readonly scope: AttributeScope;
  readonly key: string;
}

/** `any` is the unscoped `.key`: span before resource. `baggage` is understood by the embedded server only. */
export type AttributeScope = 'any' | 'span' | 'resource' | 'event' | 'link' | 'instrumentation' | 'baggage' | 'parent';

export interface IntrinsicField extends Place {
  readonly type: 'intrinsic';
  readonly name: Intrinsic;
  /** As it was spelt (`span:duration` for `duration`): replies repeat it. */
  readonly written: string;
}

/** Canonical names; other spellings are in `names.ts`. */
export type Intrinsic =
  | 'duration'
  | 'name'
  | 'status'
  | 'statusMessage'
  | 'kind'
  | 'rootName'
  | 'rootServiceName'
  | 'traceDuration'
  | 'nestedSetLeft'
  | 'nestedSetRight'
  | 'nestedSetParent'
  | 'trace:id'
  | 'span:id'
  | 'span:parentID'
  | 'span:childCount'
  | 'event:name'
  | 'event:timeSinceStart'
  | 'link:traceID'
  | 'link:spanID'
  | 'instrumentation:name'
  | 'instrumentation:version'
  | 'parent';

export interface StaticExpression extends Place {
  readonly type: 'static';
  readonly value: Static;
}

export type Static =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'duration'; readonly ns: bigint }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'status'; readonly value: StatusName }
  | { readonly type: 'kind'; readonly value: KindName }
  | { readonly type: 'nil' };

export type StatusName = 'unset' | 'ok' | 'error';
export type KindName = 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export interface Unary extends Place {
  readonly type: 'unary';
  readonly op: '!' | '-';
  readonly operand: FieldExpression;
}

export interface Binary extends Place {
  readonly type: 'binary';
  readonly op: ArithmeticOp | CompareOp;
  readonly left: FieldExpression;
  readonly right: FieldExpression;
}

/** `a && b && c`, at least two operands. Parentheses around a part keep it a node of its own. */
export interface Logical extends Place {
  readonly type: 'logical';
  readonly op: '&&' | '||';
  readonly operands: readonly FieldExpression[];
}

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^';
export type OrderOp = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type CompareOp = OrderOp | '=~' | '!~';

export interface Place {
  readonly from: number;
  readonly to: number;
}
