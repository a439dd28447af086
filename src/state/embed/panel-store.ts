import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { type PanelLook, type PanelPart, readLook } from './panel-look.ts';

interface PanelState {
  readonly look: PanelLook;
  /** How high the content would like to be, CSS px, without header and footer; undefined until it is known. */
  readonly contentPx: number | undefined;
}

/** How this panel stands in its host's page; one per document. */
export const panelStore = createStore<PanelState>(() => ({ look: readLook({}), contentPx: undefined }));

export const HEADER_PX = 30;
export const FOOTER_PX = 24;

/** Whether a part is to be shown. */
export function useShows(part: PanelPart): boolean {
  return useStore(panelStore, ({ look }) => !look.hidden.has(part));
}

/** Tells how high the content would like to be. */
export function useContentHeight(px: number): void {
  useEffect(() => panelStore.setState({ contentPx: px }), [px]);
}

/** How high the whole panel would like to be. */
export function wantedHeight({ look, contentPx }: PanelState): number | undefined {
  if (contentPx === undefined) return undefined;
  const frame = (look.hidden.has('header') ? 0 : HEADER_PX) + (look.hidden.has('footer') ? 0 : FOOTER_PX);
  return Math.ceil(contentPx) + frame;
}
