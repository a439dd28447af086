import { type Hotkey, keyCaps } from '#state/commands/hotkeys.ts';

const apple = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

/** A hotkey as key caps: ⌘ K. */
export function KeyCaps({ hotkey }: { hotkey: string }) {
  return (
    <span className="kbds">
      {keyCaps(hotkey as Hotkey, apple).map(cap => (
        <kbd key={cap} className="kbd">
          {cap}
        </kbd>
      ))}
    </span>
  );
}
