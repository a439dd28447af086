/** One line that says what went wrong, short enough for a notice. */
export function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s+/g, ' ').slice(0, 300);
}

/** DuckDB refuses everything after such an error, until it is opened anew. */
export function isFatal(cause: unknown): boolean {
  return cause instanceof Error && /^FATAL|database has been invalidated/.test(cause.message);
}

/** A block whose checksum does not fit: the file was changed by something else than DuckDB. Only what reads it fails. */
export function isDamage(cause: unknown): boolean {
  return cause instanceof Error && /Corrupt database file|does not match stored checksum/.test(cause.message);
}

/** A statement needed more than DuckDB's memory limit and could not put it on the disk. Only it fails. */
export function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof Error && /^Out of Memory Error/.test(cause.message);
}

/**
 * The file cannot be opened because what all else in it depends on is damaged; not because of its version or of the disk, nor
 * because it is no database at all, which may be somebody's.
 */
export function isUnopenable(message: string): boolean {
  return /Corrupt database file|does not match stored checksum|Serialization Error/.test(message);
}

/** A checkpoint met a transaction that writes on another connection. */
export function isBusyElsewhere(cause: unknown): boolean {
  return cause instanceof Error && /other write transactions active/.test(cause.message);
}
