import { actionCommand, type Command } from '#state/commands/command.ts';
import { EXPORT_FORMS } from './export-formats.ts';

const trace = (command: Omit<Command, 'run' | 'when' | 'group'>): Command =>
  actionCommand({ ...command, group: 'Trace' });
const time = (command: Omit<Command, 'run' | 'when' | 'group'>): Command =>
  actionCommand({ ...command, group: 'Time' });

/** What the reader can do on the trace page; the components there offer the actions. */
export const waterfallCommands: readonly Command[] = [
  trace({ id: 'waterfall.next-row', title: 'Next row', hotkeys: ['j'], hidden: true }),
  trace({ id: 'waterfall.previous-row', title: 'Previous row', hotkeys: ['k'], hidden: true }),
  trace({ id: 'waterfall.expand-all', title: 'Open all rows', hotkeys: [']'] }),
  trace({ id: 'waterfall.collapse-all', title: 'Close all rows', hotkeys: ['['] }),
  trace({ id: 'waterfall.next-error', title: 'Next error', hotkeys: ['e'] }),
  trace({ id: 'waterfall.previous-error', title: 'Previous error', hotkeys: ['Shift+e'] }),
  trace({ id: 'waterfall.next-match', title: 'Next match', hotkeys: ['n'] }),
  trace({ id: 'waterfall.previous-match', title: 'Previous match', hotkeys: ['Shift+n'] }),
  trace({ id: 'waterfall.along-path', title: 'Along the critical path', hotkeys: ['c'] }),
  trace({ id: 'waterfall.back-along-path', title: 'Back along the critical path', hotkeys: ['Shift+c'] }),
  trace({ id: 'waterfall.toggle-path', title: 'Critical path on, off', hotkeys: ['t'] }),
  trace({ id: 'waterfall.toggle-groups', title: 'Group repeats on, off', hotkeys: ['r'] }),
  trace({ id: 'waterfall.adjust-clocks', title: 'Adjust clocks on screen, show them as received' }),
  trace({ id: 'waterfall.details', title: 'Details of the span', hotkeys: ['i'] }),
  trace({ id: 'waterfall.pin', title: 'Pin; the pins of the trace', hotkeys: ['p'] }),
  trace({ id: 'waterfall.copy-trace-id', title: 'Copy trace id', hotkeys: ['Shift+y'] }),
  trace({ id: 'waterfall.copy-summary', title: 'Copy a summary in words', hotkeys: ['y'] }),
  trace({ id: 'waterfall.copy-markdown', title: 'Copy a summary as Markdown' }),
  trace({ id: 'waterfall.export', title: 'Export…', hotkeys: ['Shift+x'] }),
  ...EXPORT_FORMS.flatMap(({ forms }) => forms).map(({ format, name }) =>
    trace({ id: `waterfall.export-${format}`, title: `Export: ${name}` }),
  ),
  trace({ id: 'waterfall.follow-link', title: 'Follow the first link of the span', hotkeys: ['g'] }),
  trace({ id: 'waterfall.back-link', title: 'Back from a followed link', hotkeys: ['b'] }),
  trace({ id: 'waterfall.back', title: 'Close details, back to the results', hotkeys: ['Escape'], hidden: true }),
  time({ id: 'waterfall.zoom-in', title: 'Zoom in', hotkeys: ['w', '+', '='] }),
  time({ id: 'waterfall.zoom-out', title: 'Zoom out', hotkeys: ['s', '-'] }),
  time({ id: 'waterfall.fit', title: 'Whole trace', hotkeys: ['0'] }),
  time({ id: 'waterfall.zoom-to-selection', title: 'Zoom to the selection', hotkeys: ['z'] }),
  time({ id: 'waterfall.pan-left', title: 'Earlier', hotkeys: ['a'] }),
  time({ id: 'waterfall.pan-right', title: 'Later', hotkeys: ['d'] }),
];
