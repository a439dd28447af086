import { useEffect, useRef, useState } from 'react';
import { useGo, useUrl } from './use-url.ts';

const REST_MS = 200;

/**
 * Text that is typed and kept in the link under `key`: at hand at once, written when it has come to rest. Back, Forward and
 * another link bring theirs.
 */
export function useUrlText(key: 'value' | 'look' | 'named'): readonly [text: string, setText: (text: string) => void] {
  const { [key]: linked } = useUrl();
  const go = useGo();
  const [text, setText] = useState(linked);
  const written = useRef(linked);
  useEffect(() => {
    if (linked === written.current) return;
    written.current = linked;
    setText(linked);
  }, [linked]);
  useEffect(() => {
    if (text === written.current) return;
    const timer = setTimeout(() => {
      written.current = text;
      go({ [key]: text }, 'replace');
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [key, text, go]);
  return [text, setText];
}
