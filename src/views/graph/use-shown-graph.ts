import { useMemo } from 'react';
import type { EdgeChange } from '#domain/api/graph-api.ts';
import type { GraphReading } from '#state/graph/use-service-graph.ts';
import { useUrl } from '#state/url/use-url.ts';
import { busiestPart, filterPicture } from './filter-picture.ts';
import { type Picture, pictureOf } from './picture.ts';

/** A graph with more nodes begins with the busiest of them. */
export const MOST_AT_FIRST = 150;

export interface ShownGraph {
  /** What is drawn. */
  readonly picture: Picture;
  /** What would be drawn if nothing was left out for being too much. */
  readonly filtered: Picture;
  /** Everything that the answer holds. */
  readonly whole: Picture;
  /** Length of the window. */
  readonly seconds: number;
}

/** What of the answer is drawn, by the URL. */
export function useShownGraph(reading: GraphReading | undefined): ShownGraph | undefined {
  const { hide, focus, all } = useUrl();
  const whole = useMemo(() => reading && pictureOf(reading.graph, changesOf(reading)), [reading]);
  return useMemo(() => {
    if (whole === undefined || reading === undefined) return undefined;
    const filtered = filterPicture(whole, hide, focus);
    const picture = all ? filtered : busiestPart(filtered, MOST_AT_FIRST);
    const seconds = Number(BigInt(reading.endUnixNano) - BigInt(reading.startUnixNano)) / 1e9;
    return { picture, filtered, whole, seconds };
  }, [whole, reading, hide, focus, all]);
}

/** Where there was nothing before, everything is new, which tells nothing. */
function changesOf({ changes = [], before }: GraphReading): readonly EdgeChange[] {
  return before?.graph.edges.from.length === 0 ? [] : changes;
}
