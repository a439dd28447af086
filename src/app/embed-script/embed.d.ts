/**
 * `<throughline-panel>`: a trace, a search, a heatmap or a service graph of Throughline in your page.
 *
 * Importing the module defines the element. Attributes: `panel` (trace, search, heatmap, graph), `trace`, `query`, `from`,
 * `to`, `theme` (light, dark, auto), `span`, `source`, `zoom`, `hide`, `open` (tab, host), `params` (further parameters of
 * the panel's address), `height` (auto, or CSS px), `base` (where Throughline is; the folder of this script), `src` (the
 * whole address of a panel instead). Events: `ready`, `size`, `selection`, `open`.
 */
export declare class ThroughlinePanel extends HTMLElement {
  /** Sends a message of version 1 to the panel, once it is ready. */
  send(message: PanelInput): void;
  addEventListener<K extends keyof PanelEvents>(
    type: K,
    listener: (this: ThroughlinePanel, event: CustomEvent<PanelEvents[K]>) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/** What a page may say to a panel. */
export type PanelInput =
  | { readonly type: 'theme'; readonly theme: 'light' | 'dark' | 'auto' }
  /** `now`, `now-1h` or unix milliseconds as digits. */
  | { readonly type: 'range'; readonly from: string; readonly to: string }
  /** TraceQL. */
  | { readonly type: 'query'; readonly query: string }
  /** 16 hexadecimal digits; null selects nothing. */
  | { readonly type: 'select'; readonly span: string | null };

/** What a panel tells its page, by event. */
export interface PanelEvents {
  readonly ready: Record<string, never>;
  /** CSS px that the whole panel would like to be high. */
  readonly size: { readonly height: number };
  /** Written as in links: the span of a trace, the pick of a graph, the box of a heatmap or a list. */
  readonly selection:
    | { readonly span: string | null }
    | { readonly pick: string | null }
    | { readonly box: string | null };
  /** The reader opens this address of Throughline. */
  readonly open: { readonly url: string };
}

declare global {
  interface HTMLElementTagNameMap {
    'throughline-panel': ThroughlinePanel;
  }
}
