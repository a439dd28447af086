import { QueryClient } from '@tanstack/react-query';
import { createMemoryHistory } from '@tanstack/react-router';
import { expect, it } from 'vitest';
import type { TraceSource } from '#sources/trace-source.ts';
import type { Sources } from '#state/source-context.ts';
import { beginTracesEarly } from './early-trace.ts';

const [A, B] = ['a', 'b'].map(digit => digit.repeat(32)) as [string, string];

/** What is asked of two sources, as `source trace`, while the address goes from one place to the next. */
function asked(base: string, ...places: string[]): string[] {
  const seen: string[] = [];
  const source = (id: string) =>
    ({
      id,
      trace: (traceId: string) => {
        seen.push(`${id} ${traceId}`);
        return new Promise(() => undefined);
      },
    }) as unknown as TraceSource;
  const [first = '/', ...rest] = places.map(place => `${base}${place}`);
  const history = createMemoryHistory({ initialEntries: [first] });
  beginTracesEarly({ history, options: { basepath: base || '/' } }, new QueryClient(), {
    all: [source('first'), source('second')],
  } as unknown as Sources);
  for (const place of rest) history.push(place);
  return seen;
}

it('asks for the trace of the address that the page comes by', () => {
  expect(asked('', `/trace/${A}`)).toEqual([`first ${A}`]);
});

it('asks for each trace once its address is gone to, below a path too', () => {
  expect(asked('/tracing', '/?q=x', `/trace/${A}?src=second`, '/graph', `/trace/${B}`)).toEqual([
    `second ${A}`,
    `first ${B}`,
  ]);
});

it('asks for nothing anew while only the view of a trace changes', () => {
  expect(asked('', `/trace/${A}`, `/trace/${A}?find=x`, `/trace/${A}?span=00000000000000aa`)).toEqual([`first ${A}`]);
});

it('leaves a trace of a source that it does not know, such as files, to its page', () => {
  expect(asked('', `/trace/${A}?src=files`)).toEqual([]);
});
