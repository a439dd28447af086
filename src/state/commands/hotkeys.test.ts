import { describe, expect, it } from 'vitest';
import { type Hotkey, type KeyPress, keyCaps, matchesHotkey } from './hotkeys.ts';

const press = (key: string, ...modifiers: ('shift' | 'alt' | 'ctrl' | 'meta')[]): KeyPress => ({
  key,
  shiftKey: modifiers.includes('shift'),
  altKey: modifiers.includes('alt'),
  ctrlKey: modifiers.includes('ctrl'),
  metaKey: modifiers.includes('meta'),
});

describe('hotkeys', () => {
  it.each<[Hotkey, KeyPress, boolean]>([
    ['Mod+k', press('k', 'ctrl'), true],
    ['Mod+k', press('k', 'meta'), true],
    ['Mod+k', press('k'), false],
    ['k', press('k', 'ctrl'), false],
    ['e', press('e'), true],
    ['e', press('E', 'shift'), false],
    ['Shift+e', press('E', 'shift'), true],
    ['Shift+e', press('e'), false],
    ['?', press('?', 'shift'), true],
    ['?', press('/', 'shift'), false],
    ['/', press('/'), true],
    ['+', press('+', 'shift'), true],
    ['Enter', press('Enter'), true],
    ['Enter', press('Enter', 'shift'), false],
    ['Mod+Enter', press('Enter', 'meta'), true],
    ['Space', press(' '), true],
    ['k', press('k', 'alt'), false],
  ])('%s against %o is %s', (hotkey, pressed, expected) => {
    expect(matchesHotkey(pressed, hotkey)).toBe(expected);
  });

  it('are printed as on the keyboard at hand', () => {
    expect(keyCaps('Mod+k', true)).toEqual(['⌘', 'K']);
    expect(keyCaps('Mod+k', false)).toEqual(['Ctrl', 'K']);
    expect(keyCaps('Shift+e', false)).toEqual(['⇧', 'E']);
    expect(keyCaps('j', false)).toEqual(['j']);
    expect(keyCaps('+', false)).toEqual(['+']);
    expect(keyCaps('Mod++', false)).toEqual(['Ctrl', '+']);
  });
});
