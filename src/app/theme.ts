import { prefsStore } from '#state/prefs-store.ts';

/** Keeps `<html data-theme>` as the reader chose; without a choice the system decides. */
export function keepTheme(root: HTMLElement): void {
  const apply = () => {
    const { theme } = prefsStore.getState();
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  apply();
  prefsStore.subscribe(apply);
}
