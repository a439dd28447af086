type Letter =
  | 'a'
  | 'b'
  | 'c'
  | 'd'
  | 'e'
  | 'f'
  | 'g'
  | 'h'
  | 'i'
  | 'j'
  | 'k'
  | 'l'
  | 'm'
  | 'n'
  | 'o'
  | 'p'
  | 'q'
  | 'r'
  | 's'
  | 't'
  | 'u'
  | 'v'
  | 'w'
  | 'x'
  | 'y'
  | 'z';
type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9';
type Sign = '/' | '?' | '[' | ']' | '=' | '-' | '+' | '.' | ',';
type Named =
  | 'Enter'
  | 'Escape'
  | 'Space'
  | 'ArrowUp'
  | 'ArrowDown'
  | 'ArrowLeft'
  | 'ArrowRight'
  | 'Home'
  | 'End'
  | 'PageUp'
  | 'PageDown'
  | 'Backspace'
  | 'Delete';
type Key = Letter | Digit | Sign | Named;

/** `Mod` is ⌘ on Apple systems and Ctrl elsewhere. Signs are what is typed: `?`, not `Shift+/`. */
export type Hotkey = Key | `Shift+${Letter | Named}` | `Mod+${Key}` | `Mod+Shift+${Letter | Named}` | `Alt+${Named}`;

/** The part of a KeyboardEvent that is looked at. */
export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

export function matchesHotkey(press: KeyPress, hotkey: Hotkey): boolean {
  const parts = partsOf(hotkey);
  const key = parts.pop()!;
  const has = (modifier: string) => parts.includes(modifier);
  const mod = press.ctrlKey || press.metaKey;
  if (mod !== has('Mod') || press.altKey !== has('Alt')) return false;
  const pressed = press.key === ' ' ? 'Space' : press.key;
  const isLetter = /^[a-z]$/.test(key);
  if (isLetter || key.length > 1) {
    if (press.shiftKey !== has('Shift')) return false;
  }
  return isLetter ? pressed.toLowerCase() === key : pressed === key;
}

/** True for keys that are typed as text and must rest while the reader types. */
export function isSingleKey(hotkey: Hotkey): boolean {
  return !/^(Mod|Alt)\+/.test(hotkey);
}

const APPLE_SIGNS: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥' };
const OTHER_SIGNS: Readonly<Record<string, string>> = { Mod: 'Ctrl', Alt: 'Alt' };
const SIGNS: Readonly<Record<string, string>> = {
  Shift: '⇧',
  Enter: '↵',
  Escape: 'esc',
  Space: 'space',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Backspace: '⌫',
  Delete: 'del',
};

/** The keys of a hotkey as they are printed on key caps. */
export function keyCaps(hotkey: Hotkey, apple: boolean): string[] {
  const parts = partsOf(hotkey);
  const modified = parts.length > 1;
  return parts.map(part => {
    const sign = (apple ? APPLE_SIGNS : OTHER_SIGNS)[part] ?? SIGNS[part] ?? part;
    return modified && /^[a-z]$/.test(sign) ? sign.toUpperCase() : sign;
  });
}

/** Modifiers, then the key, which may be the plus that joins them. */
function partsOf(hotkey: Hotkey): string[] {
  return hotkey.split(/\+(?=.)/);
}
