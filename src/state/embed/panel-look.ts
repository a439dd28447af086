/** What can be framed. */
export type PanelKind = 'trace' | 'search' | 'heatmap' | 'graph';

/** Parts of a panel that a host can leave out: its header, the figures in it, the map of the trace, details, the footer. */
export const PANEL_PARTS = ['header', 'summary', 'minimap', 'details', 'footer'] as const;
export type PanelPart = (typeof PANEL_PARTS)[number];

/** `auto` is the reader's system. */
export type PanelTheme = 'light' | 'dark' | 'auto';

/** How a panel stands in its host's page. Never saved: the preferences of the reader stay as they are. */
export interface PanelLook {
  readonly theme: PanelTheme;
  readonly hidden: ReadonlySet<PanelPart>;
  /** `auto`: the host gives the height that the panel asks for, so nothing is left out where there is little. */
  readonly height: 'fill' | 'auto';
  /** Who opens a link into Throughline: the panel in a new tab, or the host, which is told. */
  readonly opens: 'tab' | 'host';
}

/** Reads the parameters that only panels have; what is not understood has its default. */
export function readLook(params: Readonly<Record<string, string>>): PanelLook {
  const words = (params.hide ?? '').split(/[~,]/);
  return {
    theme: themeOf(params.theme),
    hidden: new Set(PANEL_PARTS.filter(part => words.includes(part))),
    height: params.height === 'auto' ? 'auto' : 'fill',
    opens: params.open === 'host' ? 'host' : 'tab',
  };
}

function themeOf(text: string | undefined): PanelTheme {
  return text === 'light' || text === 'dark' ? text : 'auto';
}
