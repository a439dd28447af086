import { useSession } from '#state/use-store.ts';

/** Speaks what `announce` is told, politely. */
export function LiveRegion() {
  const { id, text } = useSession(session => session.announcement);
  return (
    <div className="vh" role="status" aria-live="polite">
      <span key={id}>{text}</span>
    </div>
  );
}
