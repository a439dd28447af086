import { useEffect } from 'react';
import type { Command } from '#state/commands/command.ts';
import { prefsStore } from '#state/prefs-store.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { takeForDialog } from './coming-dialog.ts';
import { commandForKey, keyTarget } from './commands.ts';

/** The one key listener for commands of a document. */
export function useKeys(commands: readonly Command[]): void {
  const url = useUrl();
  const go = useGo();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const context = { url, go };
      const { singleKeys } = prefsStore.getState();
      const command = commandForKey(event, keyTarget(event.composedPath()[0] ?? null), commands, context, singleKeys);
      if (!command) return;
      event.preventDefault();
      command.run(context);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [commands, url, go]);
}

/** What is typed before a wanted dialog is on screen is kept for it, and nobody else's. */
export function useKeysForDialogs(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.isComposing || !takeForDialog(event, document.querySelector('dialog[open]') !== null)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    // Before rows and fields of the page, which have the focus still.
    document.addEventListener('keydown', pressed, { capture: true });
    return () => document.removeEventListener('keydown', pressed, { capture: true });
  }, []);
}
