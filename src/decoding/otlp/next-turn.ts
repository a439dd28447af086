/** Resolves after the messages that wait for this thread have been taken. */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve);
  });
}
