import { basePath } from '#app/base-path.ts';
import { pageForm } from '#app/page-form.ts';
import { type PanelRequest, placeInHash, readPanel } from '#state/embed/read-panel.ts';

/** What this document was asked to show: by its path, or, as a plain file, by what stands behind the `#`. */
export function panelAddress(): Promise<PanelRequest> {
  if (pageForm() === 'server') {
    return readPanel(location.pathname.slice(basePath().length - 1), location.search);
  }
  const { path, search } = placeInHash(location.hash);
  return readPanel(path, search);
}
