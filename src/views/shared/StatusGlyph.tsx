export type StatusKind = 'error' | 'ok' | 'unset';

const SHAPES: Readonly<Record<StatusKind, string>> = { error: 'er', ok: 'ok', unset: 'un' };

/** Error is a red diamond, ok a ring, unset a dot. `label` names it where no word stands beside it. */
export function StatusGlyph({ status, label }: { status: StatusKind; label?: string }) {
  return label === undefined ? (
    <span className={`st ${SHAPES[status]}`} aria-hidden="true" />
  ) : (
    <span className={`st ${SHAPES[status]}`} role="img" aria-label={label} data-tip={label} />
  );
}
