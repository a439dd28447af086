import type { PanelKind } from '#state/embed/panel-look.ts';
import { beginWork } from '#state/idle.ts';
import type { PanelDefinition } from '#views/shared/panel/panel-definition.ts';

const LOADERS: Readonly<Record<PanelKind, () => Promise<PanelDefinition>>> = {
  trace: async () => (await import('#views/waterfall/panel.ts')).panel,
  search: async () => (await import('#views/search/panel.ts')).panel,
  heatmap: async () => (await import('#views/search/latency/panel.ts')).panel,
  graph: async () => (await import('#views/graph/panel.ts')).panel,
};

/** The code of a panel; a frame shows one, so it is asked for once. */
export function loadPanel(kind: PanelKind): Promise<PanelDefinition> {
  const done = beginWork();
  return LOADERS[kind]().finally(done);
}
