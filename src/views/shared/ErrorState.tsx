import type { ReactNode } from 'react';
import { describeError } from '#state/describe-error.ts';
import { Button } from './Button.tsx';
import { CopyButton } from './CopyButton.tsx';
import { StatusGlyph } from './StatusGlyph.tsx';

/** What happened, why, what to do, and the details for a report. `actions` stand beside the retry. */
export function ErrorState({ error, onRetry, actions }: { error: unknown; onRetry?: () => void; actions?: ReactNode }) {
  const { title, advice, detail } = describeError(error);
  return (
    <div className="state" role="alert">
      <h2 className="state-title">
        <StatusGlyph status="error" />
        {title}
      </h2>
      <p className="sec">{advice}</p>
      <div className="state-actions">
        {onRetry && (
          <Button kind="primary" icon="retry" onClick={onRetry}>
            Try again
          </Button>
        )}
        {actions}
      </div>
      {detail.trim() !== '' && (
        <details className="state-details">
          <summary>Details</summary>
          <div className="code t11">
            {detail}
            <CopyButton text={detail} label="Copy the details">
              Copy
            </CopyButton>
          </div>
        </details>
      )}
    </div>
  );
}
