import { actionCommand, type Command } from '#state/commands/command.ts';
import { refreshRange } from '#state/session-store.ts';

const group = 'Explore';

/** What can be done on the explore page. */
export const EXPLORE_COMMANDS: readonly Command[] = [
  actionCommand({ id: 'explore.next', title: 'Next trace', group, hotkeys: ['j'], hidden: true }),
  actionCommand({ id: 'explore.previous', title: 'Previous trace', group, hotkeys: ['k'], hidden: true }),
  { id: 'explore.refresh', title: 'Search again, up to now', group, hotkeys: ['r'], run: () => refreshRange() },
  actionCommand({ id: 'explore.query-form', title: 'Switch between chips and TraceQL', group, hotkeys: ['q'] }),
  actionCommand({ id: 'explore.facets', title: 'Show or hide the facets', group, hotkeys: ['f'] }),
  actionCommand({ id: 'explore.latency', title: 'Show or hide latencies over time', group, hotkeys: ['h'] }),
  actionCommand({ id: 'explore.to-heatmap', title: 'Go to the latency heatmap', group, hotkeys: ['m'] }),
  actionCommand({ id: 'explore.zoom-box', title: 'Zoom to the marked box', group, hotkeys: ['z'] }),
  actionCommand({ id: 'explore.find-value', title: 'Find a value in the facets', group }),
];
