import { EmptyState } from '#views/shared/EmptyState.tsx';

const EXAMPLE = `{
  "sources": [
    { "id": "prod", "name": "Production", "kind": "tempo", "url": "https://tempo.example.com" }
  ]
}`;

/** The static form without a back end: how to name one. */
export function NoSource() {
  return (
    <EmptyState title="No source is configured">
      <p>
        These are plain files without a Throughline server. Name a Tempo in config.json beside index.html; it must allow
        pages of this address to read from it (CORS).
      </p>
      <pre className="code">{EXAMPLE}</pre>
    </EmptyState>
  );
}
