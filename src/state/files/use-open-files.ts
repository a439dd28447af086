import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { OpenedFile } from '#sources/file/file-client.ts';
import { FILE_SOURCE_ID } from '#sources/file/file-source.ts';
import { beginWork } from '#state/idle.ts';
import { announce, openDialog, sessionStore } from '#state/session-store.ts';
import { useSources } from '#state/source-context.ts';
import { type Go, useGo } from '#state/url/use-url.ts';
import { traceOfFile } from './file-links.ts';

export interface NamedBlob {
  readonly name: string;
  readonly blob: Blob;
}

/**
 * Opens files and shows the list of them while they are read. A single sound file with a single trace leads on to the
 * trace, unless the reader has closed the list meanwhile.
 */
export function useOpenFiles(): (files: readonly NamedBlob[]) => void {
  const { files: client } = useSources();
  const queries = useQueryClient();
  const go = useGo();
  return useCallback(
    files => {
      if (client === undefined || files.length === 0) return;
      const done = beginWork();
      openDialog('files');
      const ids = client.open(files);
      void client.whenRead(ids).then(opened => {
        // What was answered from fewer files is asked anew.
        void queries.invalidateQueries({ predicate: isOfFiles });
        announce(summaryOf(opened));
        showSingle(opened, go);
        done();
      });
    },
    [client, queries, go],
  );
}

/** Takes a file off the list; its traces are gone with it. */
export function useCloseFile(): (id: number) => void {
  const { files: client } = useSources();
  const queries = useQueryClient();
  return useCallback(
    id => {
      client?.close(id);
      // What is shown of it goes, too.
      void queries.resetQueries({ predicate: isOfFiles });
    },
    [client, queries],
  );
}

function isOfFiles({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean {
  return queryKey[1] === FILE_SOURCE_ID;
}

function showSingle(opened: readonly OpenedFile[], go: Go): void {
  const [file] = opened;
  const { findings } = file ?? {};
  const isSingle = opened.length === 1 && findings?.traceCount === 1 && findings.problemCount === 0;
  const [trace] = findings?.traces ?? [];
  if (!isSingle || trace === undefined || sessionStore.getState().dialog !== 'files') return;
  openDialog(undefined);
  go(traceOfFile(trace), 'push');
}

function summaryOf(opened: readonly OpenedFile[]): string {
  const traces = opened.reduce((sum, { findings }) => sum + (findings?.traceCount ?? 0), 0);
  const damaged = opened.filter(({ findings, failure }) => failure !== undefined || (findings?.problemCount ?? 0) > 0);
  const found = `${traces === 1 ? '1 trace' : `${traces} traces`} opened`;
  if (damaged.length === 0) return found;
  return `${found}; something is wrong in ${damaged.length === 1 ? '1 file' : `${damaged.length} files`}`;
}
