import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { Button } from '#views/shared/Button.tsx';

/** Items that come and go together. */
const BLOCK = 25;
/** Blocks this near to the pane's window are in the document, px. */
const NEAR = 300;

/**
 * A list that is short until the reader asks for all of it. However long it is then, only what is near the window is in the
 * document; the rest is room, of `rowPx` an item until it has been measured. A block that the reader has opened something
 * in, or that holds the focus, stays.
 */
export function LongList<Item>({
  items,
  atFirst,
  rowPx,
  block,
}: {
  items: readonly Item[];
  atFirst: number;
  rowPx: number;
  /** Some of the items, of which the first is the `from`th. */
  block: (items: readonly Item[], from: number) => ReactNode;
}) {
  const [all, setAll] = useState(false);
  if (items.length <= atFirst) return block(items, 0);
  if (!all) {
    return (
      <>
        {block(items.slice(0, atFirst), 0)}
        <Button kind="quiet" className="at-more" onClick={() => setAll(true)}>
          Show all {formatCount(items.length)}
        </Button>
      </>
    );
  }
  const blocks: ReactNode[] = [];
  for (let from = 0; from < items.length; from += BLOCK) {
    const part = items.slice(from, from + BLOCK);
    blocks.push(
      <Block key={from} heightPx={part.length * rowPx}>
        {() => block(part, from)}
      </Block>,
    );
  }
  return (
    <>
      {blocks}
      <Button kind="quiet" className="at-more" onClick={() => setAll(false)}>
        Show the first {formatCount(atFirst)}
      </Button>
    </>
  );
}

function Block({ heightPx, children }: { heightPx: number; children: () => ReactNode }) {
  const host = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [used, setUsed] = useState(false);
  const [measured, setMeasured] = useState<{ readonly of: number; readonly px: number }>();
  const shown = near || used;
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const observer = new IntersectionObserver(([entry]) => setNear(entry.isIntersecting), {
      root: element.closest('.dr-body'),
      rootMargin: `${NEAR}px 0px`,
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (shown && host.current !== null) setMeasured({ of: heightPx, px: host.current.offsetHeight });
  }, [shown, heightPx]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done with them here
    // biome-ignore lint/a11y/useKeyWithClickEvents: a key that opens something is a click
    <div
      ref={host}
      style={shown ? undefined : { height: measured?.of === heightPx ? measured.px : heightPx }}
      onClick={() => setUsed(true)}
      onFocus={() => setUsed(true)}
      onBlur={event => {
        const { currentTarget, relatedTarget } = event;
        if (!currentTarget.contains(relatedTarget) && currentTarget.querySelector('[aria-expanded="true"]') === null)
          setUsed(false);
      }}
    >
      {shown && children()}
    </div>
  );
}
