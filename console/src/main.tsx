import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError, createApiClient } from './api/client.ts';
import { App } from './app.tsx';
import { SignedIn } from './session/context.tsx';
import { type ConsoleConfig, startSession } from './session/session.ts';
import { Speech } from './texts/context.tsx';
import { en } from './texts/en-start.ts';
import { it } from './texts/it.ts';
import './styles.css';

const RETRIES = 2;
const FRESH_MS = 20_000;

const root = createRoot(document.querySelector('#root') ?? document.body);

async function start(): Promise<void> {
  const answer = await fetch('/config.json', { cache: 'no-store' });
  if (!answer.ok) throw new Error('no configuration');
  const config: ConsoleConfig = await answer.json();
  const session = await startSession(config);
  if (session === undefined) return;
  const api = createApiClient(session);
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        // Only what may pass by itself is asked again.
        retry: (failures, error) =>
          failures < RETRIES && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      },
      mutations: { retry: false },
    },
  });
  root.render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <SignedIn value={{ session, api }}>
          <Speech>
            <App />
          </Speech>
        </SignedIn>
      </QueryClientProvider>
    </StrictMode>,
  );
}

root.render(<p className="state">{it.app.signingIn}</p>);
start().catch(() => {
  root.render(
    <p className="state state-error" role="alert">
      {it.app.noConfig} {en.noConfig}
    </p>,
  );
});
