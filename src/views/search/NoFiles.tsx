import { openDialog } from '#state/session-store.ts';
import { useSources } from '#state/source-context.ts';
import { Button } from '#views/shared/Button.tsx';
import { EmptyState } from '#views/shared/EmptyState.tsx';

/** The page of the files when none is open. */
export function NoFiles() {
  const { all } = useSources();
  return (
    <EmptyState
      title="No file is open"
      actions={
        <Button kind="primary" icon="file" onClick={() => openDialog('files')}>
          Open files
        </Button>
      }
    >
      <p>
        Drop files with traces anywhere on this page, or paste them. They are read in this browser and not uploaded; a
        reload closes them.
      </p>
      {all.length === 1 && (
        <p>
          No other source is configured: these are plain files without a Throughline server. A config.json beside
          index.html can name a Tempo that allows pages of this address to read from it (CORS).
        </p>
      )}
    </EmptyState>
  );
}
