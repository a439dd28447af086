import { criticalPath } from '#domain/analysis/critical-path.ts';
import { sharesInSteps } from '#domain/analysis/path-shares.ts';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { inTurns } from './in-turns.ts';
import type { PathPieces } from './path-steps.ts';

const paths = new WeakMap<TraceTable, Promise<PathPieces>>();

/** The critical path of a trace, worked out once, after what is due now (its first bars) is on screen. */
export function loadPath(table: TraceTable): Promise<PathPieces> {
  let path = paths.get(table);
  if (path === undefined) {
    path = afterPaint().then(() => pathWithShares(table));
    paths.set(table, path);
  }
  return path;
}

/** Resolves once what is due in this frame is on screen. Hidden pages get no frames. */
function afterPaint(): Promise<void> {
  return new Promise(resolve => {
    if (document.visibilityState === 'hidden') setTimeout(resolve);
    else requestAnimationFrame(() => setTimeout(resolve));
  });
}

/** Once the path is there, what it says of services is asked for in one go: it is added up before, in turns. */
async function pathWithShares(table: TraceTable): Promise<PathPieces> {
  const path = await pathOf(table);
  await inTurns(sharesInSteps(table, path), new AbortController().signal);
  return path;
}

/** From the worker that made the table; worked out here where there is none, or where it has died. */
async function pathOf(table: TraceTable): Promise<PathPieces> {
  try {
    return (await table.details.criticalPath?.()) ?? criticalPath(table);
  } catch {
    return criticalPath(table);
  }
}

/**
 * Which attempt each span says it is (`http.request.resend_count`), 0 for none; undefined where none says so. Asked for after
 * the first bars, as the path is.
 */
export async function loadResends(table: TraceTable): Promise<Uint8Array | undefined> {
  await afterPaint();
  const { index, values } = await table.details.column('http.request.resend_count');
  if (values.length === 0) return undefined;
  const counts = Uint8Array.from(values, value =>
    value.type === 'int' && value.value > 0n ? Math.min(255, Number(value.value)) : 0,
  );
  const attempt = new Uint8Array(table.length);
  for (let row = 0; row < attempt.length; row++) if (index[row] >= 0) attempt[row] = counts[index[row]];
  return attempt;
}
