import { Icon } from '#views/shared/Icon.tsx';

/** Why there is nothing to pass on. */
export function ShareError({ error }: { error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p className="note error share-note" role="alert">
      <Icon name="warn" className="s14 err" />
      <span>{error}.</span>
    </p>
  );
}
