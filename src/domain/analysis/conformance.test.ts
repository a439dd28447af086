import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serviceOf } from '#domain/trace/service-of.ts';
import { criticalPath } from './critical-path.ts';
import { type AnalysedSpan, tableOf } from './testing/table-of.ts';

/**
 * The traces of CRISP's test cases (Apache-2.0, © 2021 Uber Technologies, Inc.) and the exclusive time per operation
 * they state. `10.json` has siblings that overlap by 1 µs: CRISP counts that microsecond for both, a partition cannot,
 * so that its answer is the one under `partition`; the same spans are on the path.
 */
const folder = new URL('../../../../shared/conformance/critical-path/', import.meta.url);

interface JaegerTrace {
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
  readonly spans: readonly {
    readonly spanID: string;
    readonly operationName: string;
    readonly startTime: number;
    readonly duration: number;
    readonly processID: string;
    readonly references: readonly { readonly refType: string; readonly spanID: string }[];
  }[];
}

interface Expected {
  readonly rootDuration: number;
  readonly exclusive: Readonly<Record<string, number>>;
  readonly partition?: Readonly<Record<string, number>>;
}

const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const NS_PER_US = 1000;

function spansOf({ spans, processes }: JaegerTrace): AnalysedSpan[] {
  return spans.map(span => {
    const parent = span.references.find(reference => reference.refType === 'CHILD_OF')?.spanID;
    const plain = {
      id: span.spanID,
      from: span.startTime * NS_PER_US,
      to: (span.startTime + span.duration) * NS_PER_US,
      name: span.operationName,
      service: processes[span.processID].serviceName,
    };
    return parent === undefined ? plain : { ...plain, parent };
  });
}

/** µs on the path per `[service] operation`. */
function exclusive(file: string): Record<string, number> {
  const table = tableOf(spansOf(read(file).data[0]));
  const path = criticalPath(table);
  const sums: Record<string, number> = {};
  for (const [i, row] of path.row.entries()) {
    const key = `[${serviceOf(table, row)}] ${table.strings.at(table.name[row])}`;
    sums[key] = (sums[key] ?? 0) + (path.toNs[i] - path.fromNs[i]) / NS_PER_US;
  }
  return sums;
}

if (!existsSync(folder)) {
  it.skip('the CRISP test cases (../shared/conformance is not beside this repository)', () => undefined);
} else {
  const { files } = read('expected.json') as { files: Record<string, Expected> };
  describe('the CRISP test cases', () => {
    it.each(Object.entries(files))('%s', (file, { exclusive: stated, partition, rootDuration }) => {
      const expected = Object.fromEntries(Object.entries(partition ?? stated).filter(([, time]) => time > 0));
      const found = exclusive(file);
      expect(found).toEqual(expected);
      expect(Object.keys(found)).toEqual(expect.arrayContaining(Object.keys(stated).filter(key => stated[key] > 0)));
      expect(Object.values(found).reduce((sum, time) => sum + time, 0)).toBe(rootDuration);
    });

    it('covers all fifteen', () => expect(Object.keys(files)).toHaveLength(15));
  });
}
