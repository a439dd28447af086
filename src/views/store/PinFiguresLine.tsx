import type { PinFigures } from '#domain/api/store-api.ts';
import { formatBytes, formatCount } from '#domain/format/number.ts';
import { AllPins } from '#views/shared/pins/AllPins.tsx';
import { Section } from './Section.tsx';

/** What pins take of what they may take, and the way to them. */
export function PinFiguresLine({ pins: { count, usedBytes, maxBytes } }: { pins: PinFigures }) {
  const traces = `${formatCount(count)} ${count === 1 ? 'copy' : 'copies'}`;
  return (
    <Section
      title="Pinned traces"
      lead={`${traces}, ${formatBytes(usedBytes)} of ${formatBytes(maxBytes)}. Retention does not reach them.`}
    >
      <AllPins />
    </Section>
  );
}
