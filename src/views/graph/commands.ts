import { actionCommand, type Command } from '#state/commands/command.ts';
import { refreshRange } from '#state/session-store.ts';

const group = 'Graph';

/** What can be done on the graph page. */
export const GRAPH_COMMANDS: readonly Command[] = [
  { id: 'graph.refresh', title: 'Count again, up to now', group, hotkeys: ['r'], run: () => refreshRange() },
  {
    id: 'graph.table',
    title: 'Switch between graph and table',
    group,
    hotkeys: ['t'],
    run: ({ url, go }) => go({ view: url.view === 'graph' ? 'table' : 'graph' }, 'push'),
  },
  actionCommand({ id: 'graph.focus', title: 'Show what is around the selected service', group, hotkeys: ['f'] }),
  actionCommand({ id: 'graph.zoom-in', title: 'Zoom in', group, hotkeys: ['w', '+', '='] }),
  actionCommand({ id: 'graph.zoom-out', title: 'Zoom out', group, hotkeys: ['s', '-'] }),
  actionCommand({ id: 'graph.fit', title: 'Whole graph', group, hotkeys: ['0'] }),
  actionCommand({ id: 'graph.clear', title: 'Close the panel, clear the selection', group, hotkeys: ['Escape'] }),
];
