import { createContext, useContext } from 'react';
import type { ServerConfig } from '#domain/api/server-api.ts';
import type { FileClient } from '#sources/file/file-client.ts';
import type { ServerApi } from '#sources/server-api-client.ts';
import type { TraceSource } from '#sources/trace-source.ts';
import { useUrl } from '#state/url/use-url.ts';

/** The configured back ends, at least one, first is the default, and the server's own API. */
export interface Sources {
  readonly all: readonly TraceSource[];
  readonly server: ServerApi;
  /** False in the static form: what only a Throughline server does (pins, its store) is not offered. */
  readonly hasServer: boolean;
  readonly config: ServerConfig;
  /** What has been opened from files, where pages can open them; its source is the last of `all`. */
  readonly files: FileClient | undefined;
}

export const SourcesContext = createContext<Sources | undefined>(undefined);

export function useSources(): Sources {
  const sources = useContext(SourcesContext);
  if (!sources) throw new Error('no sources: SourcesContext.Provider is missing');
  return sources;
}

/** The source that the URL names; the default one if it names none that exists. */
export function useSource(): TraceSource {
  const sources = useSources();
  const { src } = useUrl();
  return sourceNamed(sources, src);
}

/** The source of an id; the default one if there is none such. */
export function sourceNamed({ all }: Sources, id: string): TraceSource {
  return all.find(source => source.id === id) ?? all[0]!;
}
