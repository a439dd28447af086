import { type PanelKind, type PanelLook, readLook } from './panel-look.ts';

/** What an address of a panel asks for. */
export interface PanelRequest {
  /** Undefined where the address names no panel. */
  readonly kind: PanelKind | undefined;
  /** The page of the app that shows the same, with its parameters: `/trace/7f3c…?span=…`. */
  readonly path: string;
  readonly search: string;
  readonly look: PanelLook;
}

const PATHS: Readonly<Record<Exclude<PanelKind, 'trace'>, string>> = { search: '/', heatmap: '/', graph: '/graph' };

/**
 * Reads the address of a panel: `/embed/trace/<id>`, `/embed/search`, `/embed/heatmap` or `/embed/graph` with the
 * parameters of the page that shows the same and those of `readLook`; or an address of Jaeger's interface with
 * `uiEmbed=v0`. `path` counts from the base.
 */
export async function readPanel(path: string, search: string): Promise<PanelRequest> {
  const params = Object.fromEntries([...new URLSearchParams(search)].reverse());
  // Writing TraceQL weighs something, and few addresses need it.
  const jaeger = params.uiEmbed === 'v0' ? (await import('./jaeger-panel.ts')).jaegerPanel(path, params) : undefined;
  const asked = jaeger ?? { path, params };
  const [kind, target] = targetOf(asked.path);
  // Commas read better in HTML, and mean the same.
  const { hide } = asked.params;
  const known = { ...asked.params, ...(hide !== undefined && { hide: hide.replaceAll(',', '~') }) };
  const text = new URLSearchParams(known).toString();
  return { kind, path: target, search: text === '' ? '' : `?${text}`, look: readLook(asked.params) };
}

/** Path and search text of an address that stands behind a `#`. The first `?` parts them; others belong to values. */
export function placeInHash(hash: string): { readonly path: string; readonly search: string } {
  const [, path = '', search = ''] = /^#?([^?]*)(.*)$/s.exec(hash) ?? [];
  return { path, search };
}

function targetOf(path: string): [PanelKind | undefined, string] {
  const trace = /^\/embed(\/trace\/[^/]+)\/?$/.exec(path);
  if (trace) return ['trace', trace[1]!];
  const name = /^\/embed\/(search|heatmap|graph)\/?$/.exec(path)?.[1] as keyof typeof PATHS | undefined;
  return name === undefined ? [undefined, '/'] : [name, PATHS[name]];
}
