import '#views/shared/theme.css';
import '#views/shared/panel/panel.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { keepIdleSignal } from '#app/idle.ts';
import { createQueryClient } from '#app/query-client.ts';
import { beginBoot } from '#app/use-boot.ts';
import { warmTraceWorker } from '#sources/tempo/tempo-source.ts';
import { panelStore } from '#state/embed/panel-store.ts';
import { parseSearch, parseUrl } from '#state/url/codecs.ts';
import { NavigationContext } from '#state/url/navigation.ts';
import { beginTrace } from '#state/use-open-trace.ts';
import { ErrorState } from '#views/shared/ErrorState.tsx';
import { PanelWait } from '#views/shared/panel/PanelWait.tsx';
import { NoSuchPanel } from './NoSuchPanel.tsx';
import { keepLinksOutside, openOutside } from './open-outside.ts';
import { PanelApp } from './PanelApp.tsx';
import { PanelBoot } from './PanelBoot.tsx';
import { panelAddress } from './panel-address.ts';
import { panelNavigation } from './panel-navigation.ts';
import { loadPanel } from './panels.ts';

// What the first bars wait for is asked for at once: the configuration, the code of the panel, the worker.
const queries = createQueryClient();
const booted = beginBoot(queries);
const request = await panelAddress();
if (request.kind === 'trace') warmTraceWorker();
const panel = request.kind && loadPanel(request.kind);
void booted.then(
  sources => sources && beginTrace(queries, sources, parseUrl(request.path, parseSearch(request.search))),
);

panelStore.setState({ look: request.look });
if (request.look.theme !== 'auto') document.documentElement.dataset.theme = request.look.theme;
keepIdleSignal(document.documentElement, queries);
keepLinksOutside();

const navigation = panelNavigation(request, openOutside);

const root = createRoot(document.getElementById('root')!);

function draw(content: ReactNode): void {
  root.render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <PanelBoot>{content}</PanelBoot>
      </QueryClientProvider>
    </StrictMode>,
  );
}

// Not by Suspense: React holds back what follows a fallback until that has been seen for 300 ms.
draw(panel === undefined ? <NoSuchPanel /> : <PanelWait text="Loading" />);
panel?.then(
  definition =>
    draw(
      <NavigationContext value={navigation}>
        <PanelApp panel={definition} />
      </NavigationContext>,
    ),
  (error: unknown) => draw(<ErrorState error={error} onRetry={() => location.reload()} />),
);
