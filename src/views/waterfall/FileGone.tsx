import type { TraceId } from '#domain/ids.ts';
import { useFiles } from '#state/files/use-files.ts';
import { openDialog } from '#state/session-store.ts';
import { Button } from '#views/shared/Button.tsx';
import { EmptyState } from '#views/shared/EmptyState.tsx';
import { BackToResults } from './BackToResults.tsx';
import { OtherPlaces } from './OtherPlaces.tsx';

/** A link to a trace that came from a file which is not open, in this browser or after a reload. */
export function FileGone({ id }: { id: TraceId }) {
  const files = useFiles();
  return (
    <EmptyState
      title="This trace came from a file"
      actions={
        <>
          <Button kind="primary" icon="file" onClick={() => openDialog('files')}>
            Open the file again
          </Button>
          <OtherPlaces id={id} />
          <BackToResults />
        </>
      }
    >
      <p>
        {files.length === 0
          ? 'Files are read in the browser and are gone after a reload; a link does not carry them.'
          : 'None of the open files holds it.'}{' '}
        Drop the file with trace <span className="mono">{id}</span> on this page again, and the trace is shown here. To
        send it to others, add it to the store or pin it.
      </p>
    </EmptyState>
  );
}
