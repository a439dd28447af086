import type { TraceId } from '#domain/ids.ts';
import { FILE_SOURCE_ID, useFiles } from '#state/files/use-files.ts';
import { useTraceCopies } from '#state/pins/use-trace-copies.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';

/** Where a trace that cannot be shown may be: a copy that somebody pinned, and every other source. */
export function OtherPlaces({ id }: { id: TraceId }) {
  const { all } = useSources();
  const hasFiles = useFiles().length > 0;
  const source = useSource();
  const href = useHref();
  const follow = useFollow();
  const copy = useTraceCopies(id)[0];
  return (
    <>
      {copy && (
        <a className="btn primary" href={href({ page: { name: 'pin', id: copy.id } })} onClick={follow}>
          <Icon name="pin" className="s14" />
          Open the pinned copy
        </a>
      )}
      {all.map((other, index) =>
        other.id === source.id || (other.id === FILE_SOURCE_ID && !hasFiles) ? null : (
          <a key={other.id} className="btn" href={href({ src: index === 0 ? '' : other.id })} onClick={follow}>
            Look in {other.name}
          </a>
        ),
      )}
    </>
  );
}
