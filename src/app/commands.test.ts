import { describe, expect, it } from 'vitest';
import type { Command } from '#state/commands/command.ts';
import { DEFAULT_URL_STATE } from '#state/url/url-state.ts';
import { GRAPH_COMMANDS } from '#views/graph/commands.ts';
import { EXPLORE_COMMANDS } from '#views/search/commands.ts';
import { waterfallCommands } from '#views/waterfall/commands.ts';
import { basePathOf } from './base-path.ts';
import { commandForKey, GLOBAL_COMMANDS } from './commands.ts';
import { paletteItems } from './palette-items.ts';

const context = { url: DEFAULT_URL_STATE, go: () => {} };
const press = (key: string, ctrlKey = false) => ({ key, ctrlKey, shiftKey: false, altKey: false, metaKey: false });
const page = { typing: false, covered: false };

describe('commands', () => {
  it.each([
    ['explore', EXPLORE_COMMANDS],
    ['graph', GRAPH_COMMANDS],
    ['trace', waterfallCommands],
  ])('of the %s page and of every page have an id and a key of their own', (_, commands) => {
    const all: readonly Command[] = [...commands, ...GLOBAL_COMMANDS];
    const ids = all.map(command => command.id);
    expect(ids).toEqual([...new Set(ids)]);
    // Keys of the time range do not work on a trace, where they may mean something else.
    const together = all.filter(command => command.group !== 'Time' || commands !== waterfallCommands);
    const keys = together.flatMap(command => command.hotkeys ?? []);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it('rest while text is typed, except those with a modifier', () => {
    const find = (target: typeof page, key: string, ctrl = false, singleKeys = true) =>
      commandForKey(press(key, ctrl), target, GLOBAL_COMMANDS, context, singleKeys)?.id;
    expect(find(page, '?')).toBe('app.help');
    expect(find({ ...page, typing: true }, '?')).toBeUndefined();
    expect(find({ ...page, typing: true }, 'k', true)).toBe('app.palette');
    expect(find({ ...page, covered: true }, 'k', true)).toBeUndefined();
    expect(find(page, '?', false, false)).toBeUndefined();
  });
});

describe('the palette', () => {
  it('offers a trace id, services that start with the text first, then commands', () => {
    const kinds = (text: string) =>
      paletteItems(text, ['go-api', 'cargo', 'cart'], GLOBAL_COMMANDS, context).map(item =>
        item.kind === 'service'
          ? item.service
          : item.kind === 'command'
            ? item.command.id
            : item.kind === 'pin'
              ? `pin ${item.pin}`
              : item.traceId,
      );
    expect(kinds('go').slice(0, 2)).toEqual(['go-api', 'cargo']);
    expect(kinds('light and dark')).toEqual(['app.theme']);
    expect(kinds('4bf92f3577b34da6a3ce929d0e0e4736')).toEqual(['4bf92f3577b34da6a3ce929d0e0e4736']);
    const pin = '9f2c4b7d1e8a4c3f9b6d2e7a1c5f8b03';
    expect(kinds(`https://traces.example.net/p/${pin}`)).toEqual([`pin ${pin}`]);
    expect(kinds('')).not.toContain('app.palette');
  });
});

describe('the base path', () => {
  it('is where the bundle lies', () => {
    expect(basePathOf('http://127.0.0.1:7318/assets/index-x.js')).toBe('/');
    expect(basePathOf('https://host.example/tools/throughline/assets/index-x.js')).toBe('/tools/throughline/');
  });
});
