import { formatDuration } from '#domain/format/duration.ts';
import { NBSP } from '#domain/format/number.ts';

/** A duration whose unit is muted, for tables. */
export function DurationText({ ns }: { ns: number }) {
  const { value, unit } = formatDuration(ns);
  return (
    <span className="nw">
      {value}
      {unit !== '' && (
        <span className="unit">
          {NBSP}
          {unit}
        </span>
      )}
    </span>
  );
}
