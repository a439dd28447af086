import { useEffect, useState } from 'react';
import { NBSP } from '#domain/format/number.ts';
import type { YoungTrace } from '#state/use-open-trace.ts';

const TICK_MS = 1_000;

/** How long ago a trace that is still being written was read: "updated 3 s ago". Not announced: it changes all the time. */
export function ReadAgo({ readAtMs, untilMs }: YoungTrace) {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  if (nowMs > untilMs) return null;
  const seconds = Math.max(0, Math.round((nowMs - readAtMs) / TICK_MS));
  return (
    <span className="tr-live" data-tip="Its spans may still be arriving: it is read again every few seconds">
      updated {seconds}
      {NBSP}s ago
    </span>
  );
}
