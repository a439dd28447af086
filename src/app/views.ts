import { beginWork } from '#state/idle.ts';
import type { ViewId } from '#state/view-ids.ts';
import type { ViewDefinition } from '#views/shared/view-definition.ts';

/** One line per view; each is its own chunk, fetched when its page is first shown. */
const LOADERS: Readonly<Record<ViewId, () => Promise<ViewDefinition>>> = {
  explore: async () => (await import('#views/search/index.ts')).view,
  graph: async () => (await import('#views/graph/index.ts')).view,
  trace: async () => (await import('#views/waterfall/index.ts')).view,
  store: async () => (await import('#views/store/index.ts')).view,
  pins: async () => (await import('#views/pins/index.ts')).view,
  pin: async () => (await import('#views/pin/index.ts')).view,
};

const loaded = new Map<ViewId, Promise<ViewDefinition>>();

/** The view's code; fetched once, and again only after a failure. */
export function loadView(id: ViewId): Promise<ViewDefinition> {
  let view = loaded.get(id);
  if (!view) {
    const done = beginWork();
    view = LOADERS[id]();
    loaded.set(id, view);
    view.catch(() => loaded.delete(id)).finally(done);
  }
  return view;
}
