import { useCallback, useMemo, useState } from 'react';
import type { Hit } from './hit-test.ts';
import type { Picture } from './picture.ts';

/** Something in the picture that is kept by its name: indices mean something else in the next picture. */
export function useHit(picture: Picture): readonly [Hit | undefined, (hit: Hit | undefined) => void] {
  const [key, setKey] = useState('');
  const hit = useMemo((): Hit | undefined => {
    if (key === '') return undefined;
    const node = picture.nodes.findIndex(it => nodeHitKey(it.key) === key);
    if (node >= 0) return { node };
    const edge = picture.edges.findIndex(it => edgeHitKey(it.key) === key);
    return edge >= 0 ? { edge } : undefined;
  }, [picture, key]);
  const set = useCallback(
    (next: Hit | undefined) => {
      if (next === undefined) setKey('');
      else setKey('node' in next ? nodeHitKey(picture.nodes[next.node].key) : edgeHitKey(picture.edges[next.edge].key));
    },
    [picture],
  );
  return [hit, set];
}

const nodeHitKey = (key: string): string => `n ${key}`;
const edgeHitKey = (key: string): string => `e ${key}`;
