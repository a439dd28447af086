import { openDialog, sessionStore } from '#state/session-store.ts';

/** The part of a KeyboardEvent that is looked at. */
type Press = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey'>;

let typed = '';
sessionStore.subscribe(({ dialog }, before) => {
  if (dialog !== before.dialog) typed = '';
});

/**
 * Takes a key that is pressed while a dialog is wanted but not on screen yet: the reader types into the dialog, not on the
 * page. Letters are kept for it, Escape gives it up. False for keys that are the page's or the browser's.
 */
export function takeForDialog({ key, altKey, ctrlKey, metaKey }: Press, isOpen: boolean): boolean {
  const isComing = sessionStore.getState().dialog !== undefined && !isOpen;
  if (!isComing || altKey || ctrlKey || metaKey || /^F\d+$/.test(key)) return false;
  if (key === 'Escape') openDialog(undefined);
  else if (key === 'Backspace') typed = typed.slice(0, -1);
  else if (key.length === 1) typed += key;
  return true;
}

/** What was typed before the dialog that is open was there. */
export function typedBefore(): string {
  return typed;
}
