import { useEffect } from 'react';
import { useStore } from 'zustand';
import { LiveRegion } from '#app/LiveRegion.tsx';
import { useKeys } from '#app/use-keys.ts';
import { panelStore } from '#state/embed/panel-store.ts';
import type { PanelDefinition } from '#views/shared/panel/panel-definition.ts';
import { TooltipHost } from '#views/shared/TooltipHost.tsx';
import { HostBridge } from './HostBridge.tsx';

/** A panel, its keys, and its talk with the host. */
export function PanelApp({ panel: { commands, Panel } }: { panel: PanelDefinition }) {
  useKeys(commands);
  useTheme();
  return (
    <>
      <Panel />
      <HostBridge />
      <TooltipHost />
      <LiveRegion />
    </>
  );
}

/** As the host says; the preferences of the reader are neither asked nor changed. */
function useTheme(): void {
  const theme = useStore(panelStore, ({ look }) => look.theme);
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'auto') delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
}
