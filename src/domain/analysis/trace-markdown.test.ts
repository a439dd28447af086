import { describe, expect, it } from 'vitest';
import { drawTrace } from '#domain/testing/draw-trace.ts';
import { DRAWN_TRACE_ID } from '#domain/testing/drawing.ts';
import { tableOfSpans } from '#domain/testing/table-of-spans.ts';
import type { PlainSpan } from '#domain/trace/plain-span.ts';
import { StatusCode } from '#domain/trace/trace-table.ts';
import { criticalPath } from './critical-path.ts';
import { slowestInSteps } from './slowest-spans.ts';
import { allSteps } from './steps.ts';
import { traceLine, traceLineMarkdown, traceMarkdownInSteps } from './trace-markdown.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const drawing = `
  gateway  GET /checkout       |----------------|
  cart       SELECT items        |---|
  pay        POST /charge !          |-------|
`;

describe('a trace in one line', () => {
  it('names the root, its time, its size and its errors', () => {
    const { title, facts } = traceLine(drawTrace(drawing), 'utc');
    expect(title).toBe('gateway GET /checkout');
    expect(plain(facts)).toMatch(/^1[67] ms, 3 spans in 3 services, 1 error, \w{3} \d+ \w{3} \d{4}, [\d:.]+ UTC$/);
  });

  it('is a link where there is an address', () => {
    const table = drawTrace('web  GET /  |---|');
    expect(traceLineMarkdown(table, 'utc', 'https://t.example/trace/1?v=1')).toMatch(
      /^\[`web GET \/`\]\(<https:\/\/t\.example\/trace\/1\?v=1>\): /,
    );
    expect(traceLineMarkdown(table, 'utc')).toMatch(/^`web GET \/`: /);
    expect(plain(traceLine(table, 'utc').facts)).toContain('1 span in 1 service, no errors');
  });

  it('says that there are no spans', () => {
    expect(traceLine(tableOfSpans([]), 'utc').facts).toBe('no spans');
  });
});

describe('a trace as Markdown', () => {
  it('tells where the time went, what was slowest, and what failed', () => {
    const table = drawTrace(drawing);
    const text = plain(allSteps(traceMarkdownInSteps(table, { zone: 'utc', path: criticalPath(table) })));
    expect(text).toContain('# `gateway GET /checkout`\n');
    expect(text).toContain(`Trace \`${DRAWN_TRACE_ID}\`.`);
    expect(text).toMatch(/\| Service \| Time \| Share \|\n\| --- \| ---: \| ---: \|\n\| `(pay|gateway)` \|/);
    expect(text).toMatch(/## Slowest spans[\s\S]*\| `gateway` \| `GET \/checkout` \|/);
    expect(text).toMatch(/## Errors[\s\S]*\| `pay` \| `POST \/charge` \|/);
  });

  it('holds no markup of a span', () => {
    const hostile = '<img src=x onerror=alert(1)>`|\\|\n# [x](javascript:alert(1)) @everyone';
    const span: PlainSpan = {
      traceId: DRAWN_TRACE_ID,
      spanId: '00000000000000a1',
      parentSpanId: '',
      name: hostile,
      kind: 1,
      startUnixNano: 1_760_000_000_000_000_000n,
      endUnixNano: 1_760_000_000_100_000_000n,
      resource: { attributes: [{ key: 'service.name', value: { type: 'string', value: hostile } }] },
      statusCode: StatusCode.error,
      statusMessage: hostile,
    };
    const table = tableOfSpans([span]);
    const text = allSteps(traceMarkdownInSteps(table, { zone: 'utc', path: criticalPath(table) }));
    const withoutCode = text.replaceAll('\\|', '').replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '·');
    expect(withoutCode).not.toMatch(/<|\[|@|onerror/);
    expect(withoutCode.split('\n').filter(line => line.startsWith('#'))).toEqual([
      '# ·',
      '## Where the time went',
      '## Slowest spans',
      '## Errors',
    ]);
  });

  it('leaves out what there is nothing to say about', () => {
    const text = allSteps(traceMarkdownInSteps(tableOfSpans([]), { zone: 'utc', path: undefined }));
    expect(text).not.toContain('##');
  });
});

describe('slowestInSteps', () => {
  it('ranks by own work, the longest first', () => {
    const table = drawTrace(drawing);
    const [first, ...rest] = allSteps(slowestInSteps(table, 2));
    expect(rest).toHaveLength(1);
    expect(first.selfNs).toBeGreaterThanOrEqual(rest[0].selfNs);
  });
});
