import type { AttributeScope, Intrinsic, KindName, StatusName } from '#domain/traceql/ast.ts';

/** Every spelling of an intrinsic → its canonical name. */
export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['duration', 'duration'],
  ['name', 'name'],
  ['status', 'status'],
  ['statusMessage', 'statusMessage'],
  ['kind', 'kind'],
  ['rootName', 'rootName'],
  ['rootServiceName', 'rootServiceName'],
  ['traceDuration', 'traceDuration'],
  ['nestedSetLeft', 'nestedSetLeft'],
  ['nestedSetRight', 'nestedSetRight'],
  ['nestedSetParent', 'nestedSetParent'],
  ['parent', 'parent'],
  ['trace:id', 'trace:id'],
  ['trace:duration', 'traceDuration'],
  ['trace:rootName', 'rootName'],
  ['trace:rootService', 'rootServiceName'],
  ['span:id', 'span:id'],
  ['span:parentID', 'span:parentID'],
  ['span:name', 'name'],
  ['span:kind', 'kind'],
  ['span:status', 'status'],
  ['span:statusMessage', 'statusMessage'],
  ['span:duration', 'duration'],
  ['span:childCount', 'span:childCount'],
  ['event:name', 'event:name'],
  ['event:timeSinceStart', 'event:timeSinceStart'],
  ['link:traceID', 'link:traceID'],
  ['link:spanID', 'link:spanID'],
  ['instrumentation:name', 'instrumentation:name'],
  ['instrumentation:version', 'instrumentation:version'],
]);

/** Words before the dot of a scoped attribute. */
export const ATTRIBUTE_SCOPES: ReadonlyMap<string, AttributeScope> = new Map<string, AttributeScope>([
  ['span', 'span'],
  ['resource', 'resource'],
  ['event', 'event'],
  ['link', 'link'],
  ['instrumentation', 'instrumentation'],
  ['baggage', 'baggage'],
  ['parent', 'parent'],
]);

/** Words before the colon of a scoped intrinsic. */
export const INTRINSIC_SCOPES: ReadonlySet<string> = new Set(['trace', 'span', 'event', 'link', 'instrumentation']);

/** Index = OTLP number. */
export const STATUS_NAMES: readonly StatusName[] = ['unset', 'ok', 'error'];
/** Index = OTLP number. */
export const KIND_NAMES: readonly KindName[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

/** Functions over the spans of a spanset. */
export const AGGREGATES: ReadonlySet<string> = new Set(['count', 'avg', 'min', 'max', 'sum']);
/** Functions over time. */
export const METRICS: ReadonlySet<string> = new Set([
  'rate',
  'count_over_time',
  'min_over_time',
  'max_over_time',
  'avg_over_time',
  'sum_over_time',
  'quantile_over_time',
  'histogram_over_time',
  'compare',
]);
