import type { PanelKind, PanelTheme } from '#state/embed/panel-look.ts';
import { printUrl } from '#state/url/codecs.ts';
import type { UrlState } from '#state/url/url-state.ts';

export interface EmbedForm {
  readonly panel: PanelKind;
  readonly theme: PanelTheme;
  /** CSS px. */
  readonly width: number;
  readonly height: number;
}

/** The panels that show what a page shows, the best first; none where there is none. */
export function panelsOf({ page }: UrlState): readonly PanelKind[] {
  switch (page.name) {
    case 'trace':
      return ['trace'];
    case 'explore':
      return ['search', 'heatmap'];
    case 'graph':
      return ['graph'];
    default:
      return [];
  }
}

/** Path and search text of a panel, from the base, without the leading '/'. */
export function embedPath(state: UrlState, { panel, theme }: Pick<EmbedForm, 'panel' | 'theme'>): string {
  const params = new URLSearchParams(printUrl(state).search);
  if (theme !== 'auto') params.set('theme', theme);
  const search = params.toString();
  const path = state.page.name === 'trace' ? `embed/trace/${state.page.traceId}` : `embed/${panel}`;
  return search === '' ? path : `${path}?${search}`;
}

/** The HTML of a frame. `src` and `title` may hold anything. */
export function embedCode(src: string, title: string, { width, height }: Pick<EmbedForm, 'width' | 'height'>): string {
  return [
    `<iframe src="${attribute(src)}"`,
    `  width="${width}" height="${height}" loading="lazy" title="${attribute(title)}">`,
    '</iframe>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

function attribute(text: string): string {
  return text.replace(/[&"<>]/g, sign => ENTITIES[sign]!).replace(/\s+/g, ' ');
}
