import { formatCount } from '#domain/format/number.ts';
import { useAddToStore } from '#state/files/use-add-to-store.ts';
import type { OpenedFile } from '#state/files/use-files.ts';
import { Button } from '#views/shared/Button.tsx';
import { ErrorState } from '#views/shared/ErrorState.tsx';

/** Puts the traces of a file into the embedded store, and says what came of it. */
export function AddToStore({ file }: { file: OpenedFile }) {
  const { canAdd, add, isAdding, added, error } = useAddToStore(file.id);
  if (!canAdd) return null;
  if (added !== undefined) return <p role="status">{answerText(added)}</p>;
  return (
    <>
      <div>
        <Button icon="download" onClick={add} disabled={isAdding} aria-label={`Add ${file.name} to the store`}>
          {isAdding ? 'Adding to the store' : 'Add to the store'}
        </Button>
      </div>
      {error !== null && <ErrorState error={error} onRetry={add} />}
    </>
  );
}

function answerText({ spans, rejected, message }: { spans: number; rejected: number; message: string }): string {
  const added = `${spans === 1 ? '1 span was' : `${formatCount(spans)} spans were`} added to the store.`;
  if (rejected === 0) return added;
  return `${added} ${rejected === 1 ? '1 was' : `${formatCount(rejected)} were`} rejected: ${message}`;
}
