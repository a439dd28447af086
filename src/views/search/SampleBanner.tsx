import { formatCount } from '#domain/format/number.ts';
import { useSample, useStoreStatus } from '#state/explore/use-status.ts';
import { Button } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';

/** Says that some of what is shown is not real, and takes it away with one press; and what the store has to say. */
export function SampleBanner() {
  const status = useStoreStatus();
  const sample = useSample('remove');
  return (
    <>
      {status?.notices.map(notice => (
        <p key={notice} className="note warn" role="status">
          <Icon name="warn" className="s14 wrn" />
          <span>{notice}</span>
        </p>
      ))}
      {status?.sample && (
        <div className="note info">
          <span>
            <b className="strong">Sample traces are loaded:</b> {formatCount(status.sample.spans)} spans of a recorded
            shop.
          </span>
          <span className="grow" />
          {sample.error && <span className="err">{sample.error.message}</span>}
          <Button icon="trash" onClick={sample.run} disabled={sample.isRunning}>
            {sample.isRunning ? 'Removing sample traces' : 'Remove sample traces'}
          </Button>
        </div>
      )}
    </>
  );
}
