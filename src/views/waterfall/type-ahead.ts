/** Letters typed one soon after the other to reach a row by its operation. */
export interface TypeAhead {
  readonly text: string;
  /** When the last letter came, ms of a monotonic clock. */
  readonly atMs: number;
  /** Letters count; before, only `.` does, because single letters are commands. */
  readonly open: boolean;
}

export const NOTHING_TYPED: TypeAhead = { text: '', atMs: 0, open: false };

const PAUSE_MS = 1200;
/** Rows that are looked at for one letter. */
const MOST_ROWS = 200_000;

/**
 * The next state after a key, undefined if the key is none of typing ahead. `.` begins; where single keys are no commands
 * (`always`) any letter does.
 */
export function typed(before: TypeAhead, key: string, nowMs: number, always: boolean): TypeAhead | undefined {
  const goesOn = before.open && nowMs - before.atMs < PAUSE_MS;
  if (key === '.' && !goesOn) return { text: '', atMs: nowMs, open: true };
  if ([...key].length !== 1 || key === ' ') return undefined;
  if (!goesOn && !(always && /^[\p{L}\p{N}]$/u.test(key))) return undefined;
  return { text: (goesOn ? before.text : '') + key.toLowerCase(), atMs: nowMs, open: true };
}

/**
 * Index of the next of `count` rows whose name begins with `text`, round the end. The row at `from` itself counts once
 * there are several letters, so that typing on does not leave the row that was found; one letter again and again goes on.
 */
export function rowStartingWith(
  text: string,
  from: number,
  count: number,
  nameAt: (index: number) => string,
): number | undefined {
  const repeated = text.length > 1 && [...text].every(letter => letter === text[0]);
  const wanted = repeated ? text[0] : text;
  const first = wanted.length > 1 ? 0 : 1;
  for (let step = first; step < first + Math.min(count, MOST_ROWS); step++) {
    const index = (Math.max(0, from) + step) % count;
    if (nameAt(index).toLowerCase().startsWith(wanted)) return index;
  }
  return undefined;
}
