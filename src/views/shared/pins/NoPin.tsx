import { describeError } from '#state/describe-error.ts';
import type { PinReading } from '#state/pins/use-pin.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { AllPins } from './AllPins.tsx';
import { GonePinState } from './GonePinState.tsx';
import { UnknownPin } from './UnknownPin.tsx';

/** Why a pin does not open: it is gone, it never was, or the server does not answer. Nothing while that is not known. */
export function NoPin({ id, reading: { answer, error, retry } }: { id: string; reading: PinReading }) {
  if (answer?.state === 'gone') return <GonePinState gone={answer.gone} />;
  if (error === null) return null;
  if (describeError(error).kind === 'not-found') return <UnknownPin id={id} />;
  return <ErrorState error={error} onRetry={retry} actions={<AllPins />} />;
}
