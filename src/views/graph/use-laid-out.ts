import { useEffect, useRef, useState } from 'react';
import { layGraph } from '#state/graph/lay-graph.ts';
import { type Geometry, geometryOf, layoutInputOf, placesOf } from './geometry.ts';
import type { Picture } from './picture.ts';

/** A picture and where it is drawn. */
export interface LaidOut {
  readonly picture: Picture;
  readonly geometry: Geometry;
}

/** The picture laid out in the worker; the last one stays until the next is there. Known nodes keep their order. */
export function useLaidOut(picture: Picture): { laid: LaidOut | undefined; error: Error | undefined } {
  const [laid, setLaid] = useState<LaidOut>();
  const [error, setError] = useState<Error>();
  const places = useRef<ReadonlyMap<string, number>>(undefined);
  const shape = useRef<{ key: string; geometry: Geometry }>(undefined);
  useEffect(() => {
    let isWanted = true;
    const key = shapeKey(picture);
    if (shape.current?.key === key) {
      // New numbers of the same graph: nothing moves.
      const geometry = geometryOf(picture, shape.current.geometry.layout);
      setError(undefined);
      setLaid({ picture, geometry });
      return;
    }
    layGraph(layoutInputOf(picture, places.current)).then(
      layout => {
        if (!isWanted) return;
        places.current = placesOf(picture, layout);
        const geometry = geometryOf(picture, layout);
        shape.current = { key, geometry };
        setError(undefined);
        setLaid({ picture, geometry });
      },
      (reason: Error) => {
        if (isWanted && reason.name !== 'AbortError') setError(reason);
      },
    );
    return () => {
      isWanted = false;
    };
  }, [picture]);
  return { laid, error };
}

function shapeKey({ nodes, edges }: Picture): string {
  return `${nodes.map(({ key, group }) => `${key}\n${group}`).join('\n')}\n\n${edges.map(({ from, to }) => `${from}-${to}`).join(' ')}`;
}
