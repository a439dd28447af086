import type { ServiceGraph } from '#domain/graph/service-graph.ts';
import type { QueryContext } from '#server/store/query-context.ts';
import { answering } from '#server/tempo/search.ts';
import type { Answer } from '#server/tempo/search-types.ts';
import type { RangeArgs } from './counted-range.ts';
import { countServiceGraph } from './service-graph.ts';

export interface ServiceGraphArgs extends RangeArgs {
  /** A resource attribute by whose values services are grouped; '' for none. */
  readonly groupBy: string;
}

export async function serviceGraph(context: QueryContext, args: ServiceGraphArgs): Promise<Answer<ServiceGraph>> {
  return answering(() => countServiceGraph(context, args, args.groupBy));
}
