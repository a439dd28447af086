import { Icon } from '#views/shared/Icon.tsx';
import type { FilterLinks } from './use-filter-links.ts';

/** The two links back to the results: only this value, all but this value. `what` names the condition. */
export function FilterActs({ links, what }: { links: FilterLinks | undefined; what: string }) {
  if (links === undefined) return null;
  const { only, without } = links;
  return (
    <>
      <a
        href={only.href}
        onClick={only.onClick}
        aria-label={`Only traces with ${what}`}
        data-tip="Filter by this value"
      >
        <Icon name="eq" className="s14" />
      </a>
      <a
        href={without.href}
        onClick={without.onClick}
        aria-label={`Exclude traces with ${what}`}
        data-tip="Exclude this value"
      >
        <Icon name="neq" className="s14" />
      </a>
    </>
  );
}
