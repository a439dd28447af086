import { useCallback, useEffect, useRef, useState } from 'react';
import type { TraceTable } from '#domain/trace/trace-table.ts';
import { type TraceFileFormat, traceFile } from '#sources/trace-file.ts';
import { beginWork } from './idle.ts';
import { announce } from './session-store.ts';

export type { TraceFileFormat };

/** A file that is being made of the trace. */
export interface FileJob {
  readonly format: TraceFileFormat;
  /** Of all spans, 0 … 1. */
  readonly share: number;
  readonly stop: () => void;
}

export interface FileFailure {
  readonly format: TraceFileFormat;
  readonly message: string;
}

/**
 * Makes files of a trace, one at a time; one that is under way when the component leaves is given up. `make` resolves to
 * the file, or to undefined when it was stopped or has failed.
 */
export function useTraceFile(table: TraceTable) {
  const [job, setJob] = useState<FileJob>();
  const [failure, setFailure] = useState<FileFailure>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const make = useCallback(
    async (format: TraceFileFormat): Promise<Blob | undefined> => {
      if (running.current !== undefined) return undefined;
      const controller = new AbortController();
      running.current = controller;
      const done = beginWork();
      const tell = (share: number): void => setJob({ format, share, stop: () => controller.abort() });
      setFailure(undefined);
      tell(0);
      try {
        const { length } = table;
        return await traceFile(table, format, { signal: controller.signal, onProgress: spans => tell(spans / length) });
      } catch (error) {
        if (controller.signal.aborted) return undefined;
        const message = error instanceof Error ? error.message : String(error);
        setFailure({ format, message });
        announce(`The file could not be written: ${message}`);
        return undefined;
      } finally {
        running.current = undefined;
        setJob(undefined);
        done();
      }
    },
    [table],
  );
  return { job, failure, make };
}
