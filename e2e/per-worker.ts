type Use<T> = (value: T) => Promise<void>;

/** A fixture that all tests of a worker share: started for the first that asks for it, closed after the last. */
export function perWorker<T extends { close(): void | Promise<void> }>(start: () => Promise<T>) {
  // biome-ignore lint/correctness/noEmptyPattern: Playwright asks for the pattern
  const fixture = async ({}: object, use: Use<T>): Promise<void> => {
    const started = await start();
    await use(started);
    await started.close();
  };
  return [fixture, { scope: 'worker' }] as [typeof fixture, { scope: 'worker' }];
}
