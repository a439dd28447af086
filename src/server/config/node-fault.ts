const LEAST_MAJOR = 24;

/** Why this program does not run on a Node of that version; undefined where it does. */
export function nodeFault(version: string): string | undefined {
  if (Number.parseInt(version, 10) >= LEAST_MAJOR) return undefined;
  return `Node ${version} is too old. Remedy: run it with Node ${LEAST_MAJOR} or newer`;
}
