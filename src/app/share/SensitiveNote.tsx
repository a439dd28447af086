import type { Sensitive } from '#domain/share/sensitive.ts';
import { Icon } from '#views/shared/Icon.tsx';

const MOST = 3;

/** A word before something is passed on that may not be meant for others. */
export function SensitiveNote({ found }: { found: readonly Sensitive[] }) {
  if (found.length === 0) return null;
  const named = found.slice(0, MOST).map(({ where, what }) => `${what} in ${where}`);
  const more = found.length - named.length;
  const isSecret = found.some(({ kind }) => kind === 'secret');
  return (
    <p className="note warn share-note" role="alert">
      <Icon name="warn" className="s14 wrn" />
      <span>
        <b className="strong">{isSecret ? 'This may hold a secret' : 'This may hold a person’s data'}:</b>{' '}
        {named.join(', ')}
        {more > 0 && ` and ${more} more`}. Whoever has the link can read it.
      </span>
    </p>
  );
}
