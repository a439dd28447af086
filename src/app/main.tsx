import '#views/shared/theme.css';
import './app.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Boot } from './Boot.tsx';
import { keepIdleSignal } from './idle.ts';
import { createQueryClient } from './query-client.ts';
import { createAppRouter } from './routes.tsx';
import { keepTheme } from './theme.ts';

const queries = createQueryClient();
const router = createAppRouter();
keepTheme(document.documentElement);
keepIdleSignal(document.documentElement, queries);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Boot>
        <RouterProvider router={router} />
      </Boot>
    </QueryClientProvider>
  </StrictMode>,
);
