import '#views/shared/theme.css';
import './app.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { warmTraceWorker } from '#sources/tempo/tempo-source.ts';
import { NavigationContext } from '#state/url/navigation.ts';
import { Boot } from './Boot.tsx';
import { basePath } from './base-path.ts';
import { beginTracesEarly } from './early-trace.ts';
import { keepIdleSignal } from './idle.ts';
import { pageForm } from './page-form.ts';
import { createQueryClient } from './query-client.ts';
import { navigationOf } from './router-navigation.ts';
import { createAppRouter } from './routes.tsx';
import { keepTheme } from './theme.ts';
import { beginBoot } from './use-boot.ts';

const page = pageForm() === 'server' ? location.pathname.slice(basePath().length - 1) : location.hash.slice(1);
if (page.startsWith('/trace/')) warmTraceWorker();

// It is named from the address that the page came by; the first step to another one would lead astray.
const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
icon?.setAttribute('href', icon.href);

const queries = createQueryClient();
const router = createAppRouter();
const navigation = navigationOf(router);
void beginBoot(queries).then(sources => sources && beginTracesEarly(router, queries, sources));
keepTheme(document.documentElement);
keepIdleSignal(document.documentElement, queries);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Boot>
        <NavigationContext value={navigation}>
          <RouterProvider router={router} />
        </NavigationContext>
      </Boot>
    </QueryClientProvider>
  </StrictMode>,
);
