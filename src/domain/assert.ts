/** Makes a `switch` over a closed union exhaustive: a new member no longer compiles. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${String(value)}`);
}
