import type { PanelInput } from './embed.d.ts';

// A module of its own that imports nothing: pages of other origins load it as embed.js. Small before elegant.

/** Attributes that become parameters of the panel's address. */
const PARAMS: Readonly<Record<string, string>> = {
  query: 'q',
  from: 'from',
  to: 'to',
  theme: 'theme',
  span: 'span',
  source: 'src',
  zoom: 't',
  hide: 'hide',
  open: 'open',
};
/** Attributes that a panel which is there already is told of; others load it anew. */
const TOLD: Readonly<Record<string, (panel: HTMLElement) => PanelInput>> = {
  theme: panel => ({ type: 'theme', theme: (panel.getAttribute('theme') ?? 'auto') as 'auto' }),
  query: panel => ({ type: 'query', query: panel.getAttribute('query') ?? '' }),
  span: panel => ({ type: 'select', span: panel.getAttribute('span') }),
  from: range,
  to: range,
};
const DEFAULT_PX = 360;

function range(panel: HTMLElement): PanelInput {
  return { type: 'range', from: panel.getAttribute('from') ?? 'now-1h', to: panel.getAttribute('to') ?? 'now' };
}

/** The element; its types for others are in embed.d.ts. */
export class ThroughlinePanel extends HTMLElement {
  static readonly observedAttributes = [
    ...Object.keys(PARAMS),
    'panel',
    'trace',
    'params',
    'height',
    'base',
    'src',
    'title',
  ];

  readonly #frame = document.createElement('iframe');
  #ready = false;
  #waiting: PanelInput[] = [];
  #loads = false;

  constructor() {
    super();
    this.attachShadow({ mode: 'open' }).append(this.#frame);
    this.#frame.style.cssText = 'display:block;width:100%;height:100%;border:0;color-scheme:light dark';
    this.#frame.allow = 'clipboard-write';
  }

  connectedCallback(): void {
    addEventListener('message', this.#heard);
    this.style.display ||= 'block';
    this.#load();
  }

  disconnectedCallback(): void {
    removeEventListener('message', this.#heard);
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.isConnected) return;
    const told = TOLD[name];
    if (name === 'height') this.#resize(DEFAULT_PX);
    else if (told && this.#frame.src) this.send(told(this));
    else this.#load();
  }

  send(message: PanelInput): void {
    if (this.#ready) this.#frame.contentWindow?.postMessage({ throughline: 1, ...message }, this.#origin);
    else this.#waiting.push(message);
  }

  get #origin(): string {
    return new URL(this.#frame.src).origin;
  }

  /** Several attributes that change together load once. What was said to the panel before goes with it. */
  #load(): void {
    if (this.#loads) return;
    this.#loads = true;
    this.#ready = false;
    if (this.#frame.src) this.#waiting = [];
    queueMicrotask(() => {
      this.#loads = false;
      this.#resize(DEFAULT_PX);
      this.#frame.title = this.title || `Throughline ${this.#panel}`;
      this.#frame.src = this.#address();
    });
  }

  get #panel(): string {
    return this.getAttribute('panel') ?? (this.hasAttribute('trace') ? 'trace' : 'search');
  }

  #address(): string {
    const whole = this.getAttribute('src');
    if (whole !== null) return new URL(whole, document.baseURI).href;
    const params = new URLSearchParams(this.getAttribute('params') ?? '');
    for (const [name, param] of Object.entries(PARAMS)) {
      const value = this.getAttribute(name);
      if (value !== null) params.set(param, value);
    }
    if (this.getAttribute('height') === 'auto') params.set('height', 'auto');
    const trace = this.#panel === 'trace' ? `/${encodeURIComponent(this.getAttribute('trace') ?? '')}` : '';
    const base = this.getAttribute('base') ?? new URL(/* @vite-ignore */ './', import.meta.url).href;
    // Plain files have one document for all panels; a server has an address for each.
    const root = base.endsWith('.html') ? `${base}#/` : `${base.replace(/\/*$/, '')}/`;
    return new URL(`${root}embed/${this.#panel}${trace}?${params}`, document.baseURI).href;
  }

  #resize(autoPx: number): void {
    const height = this.getAttribute('height');
    if (height === 'auto') this.style.height = `${autoPx}px`;
    else this.style.height = height === null ? this.style.height || `${autoPx}px` : `${Number.parseFloat(height)}px`;
  }

  readonly #heard = ({ source, origin, data }: MessageEvent): void => {
    if (source !== this.#frame.contentWindow || origin !== this.#origin || data?.throughline !== 1) return;
    const { throughline: _, type, ...detail } = data;
    if (type === 'ready') {
      this.#ready = true;
      for (const message of this.#waiting.splice(0)) this.send(message);
    } else if (type === 'size' && this.getAttribute('height') === 'auto') this.#resize(detail.height);
    this.dispatchEvent(new CustomEvent(type, { detail }));
  };
}

if (!customElements.get('throughline-panel')) customElements.define('throughline-panel', ThroughlinePanel);
