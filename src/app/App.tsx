import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { warmUpTraceWorker } from '#sources/tempo/tempo-source.ts';
import type { Command } from '#state/commands/command.ts';
import { openDialog } from '#state/session-store.ts';
import { useUrl } from '#state/url/use-url.ts';
import { useSession } from '#state/use-store.ts';
import { TooltipHost } from '#views/shared/TooltipHost.tsx';
import { GLOBAL_COMMANDS } from './commands.ts';
import { DropFiles } from './DropFiles.tsx';
import { onceIdle } from './idle.ts';
import { LinkNotice } from './LinkNotice.tsx';
import { LiveRegion } from './LiveRegion.tsx';
import { StoredLink } from './StoredLink.tsx';
import { TopBar } from './TopBar.tsx';
import { useKeys, useKeysForDialogs } from './use-keys.ts';
import { loadView } from './views.ts';

const loadHelp = () => import('./Help.tsx');
const loadPalette = () => import('./Palette.tsx');
const loadFiles = () => import('#views/files/FilesDialog.tsx');
const loadShare = async () => ({ default: (await import('./share/ShareDialog.tsx')).ShareDialog });
const Help = lazy(loadHelp);
const Palette = lazy(loadPalette);
const Files = lazy(loadFiles);
const ShareDialog = lazy(loadShare);

/** The frame around every page: top bar, dialogs, the one key listener, the polite live region. */
export function App() {
  const dialog = useSession(session => session.dialog);
  const commands = usePageCommands();
  useKeys(commands);
  useKeysForDialogs();
  usePrefetch();
  const close = () => openDialog(undefined);
  return (
    <div className="app">
      <TopBar />
      <LinkNotice />
      <main>
        <StoredLink>
          <Outlet />
        </StoredLink>
      </main>
      <Suspense>
        {dialog === 'help' && <Help commands={commands} onClose={close} />}
        {dialog === 'share' && <ShareDialog onClose={close} />}
        {dialog === 'palette' && <Palette commands={commands} onClose={close} />}
        {dialog === 'files' && <Files onClose={close} />}
      </Suspense>
      <DropFiles />
      <TooltipHost />
      <LiveRegion />
    </div>
  );
}

/** Commands of the page that is open, then those of every page. */
function usePageCommands(): readonly Command[] {
  const { page } = useUrl();
  const [commands, setCommands] = useState<readonly Command[]>(GLOBAL_COMMANDS);
  useEffect(() => {
    if (page.name === 'unknown') {
      setCommands(GLOBAL_COMMANDS);
      return;
    }
    let current = true;
    loadView(page.name).then(
      view => {
        if (current) setCommands([...view.commands, ...GLOBAL_COMMANDS]);
      },
      () => {}, // The page itself shows what failed.
    );
    return () => {
      current = false;
    };
  }, [page.name]);
  return commands;
}

/** What the reader is likely to ask for next is fetched once the page has come to rest. */
function usePrefetch(): void {
  useEffect(() => {
    return onceIdle(document.documentElement, () => {
      const next = [() => loadView('trace'), loadPalette, loadShare, loadHelp, loadFiles, () => loadView('explore')];
      for (const load of next) {
        load().catch(() => {}); // Asked for again when it is needed; it is told then if it fails.
      }
      warmUpTraceWorker();
    });
  }, []);
}
