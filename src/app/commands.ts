import { act, isOffered } from '#state/commands/actions.ts';
import type { Command, CommandContext } from '#state/commands/command.ts';
import { isSingleKey, type KeyPress, matchesHotkey } from '#state/commands/hotkeys.ts';
import { choose, prefsStore } from '#state/prefs-store.ts';
import { openDialog, sessionStore } from '#state/session-store.ts';
import { TIME_COMMANDS } from '#views/shared/time-range/commands.ts';

/** What can be done on every page. */
export const GLOBAL_COMMANDS: readonly Command[] = [
  {
    id: 'app.palette',
    title: 'Command palette',
    group: 'Everywhere',
    hotkeys: ['Mod+k'],
    hidden: true,
    run: () => openDialog('palette'),
  },
  {
    id: 'app.find',
    title: 'Find on this page',
    group: 'Everywhere',
    hotkeys: ['/'],
    when: () => isOffered('app.find'),
    run: () => act('app.find'),
  },
  {
    id: 'app.share',
    title: 'Share this view',
    group: 'Everywhere',
    hotkeys: ['Shift+s'],
    run: () => openDialog('share'),
  },
  { id: 'app.help', title: 'Show the keys', group: 'Everywhere', hotkeys: ['?'], run: () => openDialog('help') },
  {
    id: 'app.explore',
    title: 'Go to Explore',
    group: 'Everywhere',
    when: ({ url }) => url.page.name !== 'explore',
    run: ({ go }) => go({ page: { name: 'explore' } }, 'push'),
  },
  {
    id: 'app.graph',
    title: 'Go to Graph',
    group: 'Everywhere',
    when: ({ url }) => url.page.name !== 'graph',
    run: ({ go }) => go({ page: { name: 'graph' } }, 'push'),
  },
  {
    id: 'app.store',
    title: 'Go to Store',
    group: 'Everywhere',
    when: ({ url }) => url.page.name !== 'store',
    run: ({ go }) => go({ page: { name: 'store' } }, 'push'),
  },
  {
    id: 'app.pins',
    title: 'Go to Pins',
    group: 'Everywhere',
    when: ({ url }) => url.page.name !== 'pins',
    run: ({ go }) => go({ page: { name: 'pins' } }, 'push'),
  },
  {
    id: 'app.files',
    title: 'Open files',
    group: 'Everywhere',
    hotkeys: ['o'],
    run: () => openDialog('files'),
  },
  {
    id: 'app.theme',
    title: 'Switch between light and dark',
    group: 'Everywhere',
    hotkeys: ['Shift+d'],
    run: () => choose({ theme: isDark() ? 'light' : 'dark' }),
  },
  {
    id: 'app.zone',
    title: 'Switch between local time and UTC',
    group: 'Everywhere',
    run: ({ go }) => {
      choose({ zone: prefsStore.getState().zone === 'utc' ? 'local' : 'utc' });
      go({ tz: '' }, 'replace');
    },
  },
  {
    id: 'app.single-keys',
    title: 'Turn keys without ⌘ or Ctrl on or off',
    group: 'Everywhere',
    run: () => choose({ singleKeys: !prefsStore.getState().singleKeys }),
  },
  ...TIME_COMMANDS,
];

/** Where a key was pressed, as far as commands care. */
export interface KeyTarget {
  /** Text is being typed: an input, a text area, an editor. */
  readonly typing: boolean;
  /** A modal dialog, a menu or a popover is open: its own keys count. */
  readonly covered: boolean;
}

/** The command a key press stands for; the page's own commands come before the global ones. */
export function commandForKey(
  press: KeyPress,
  target: KeyTarget,
  commands: readonly Command[],
  context: CommandContext,
  singleKeys: boolean,
): Command | undefined {
  if (target.covered) return undefined;
  return commands.find(command => {
    const hotkey = command.hotkeys?.find(candidate => matchesHotkey(press, candidate));
    if (hotkey === undefined) return false;
    if (isSingleKey(hotkey) && (target.typing || !singleKeys)) return false;
    return command.when?.(context) ?? true;
  });
}

/** What the focused element and the open layers say about a key press. */
export function keyTarget(element: EventTarget | null): KeyTarget {
  const typing =
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element instanceof HTMLTextAreaElement ||
      element instanceof HTMLSelectElement ||
      (element instanceof HTMLInputElement && !/^(button|checkbox|radio|range|submit)$/.test(element.type)));
  const isDialogComing = sessionStore.getState().dialog !== undefined;
  const isLayerOpen = document.querySelector('dialog[open], [popover="auto"]:popover-open') !== null;
  return { typing, covered: isDialogComing || isLayerOpen };
}

function isDark(): boolean {
  const { theme } = prefsStore.getState();
  return theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
}
