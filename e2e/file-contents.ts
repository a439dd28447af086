import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';

/** A file as a browser is given it. */
export interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const AT_US = 1_760_000_000_000_000;

/** Two spans of a shop as Jaeger writes them. */
export function jaegerFile(name = 'jaeger.json', traceID = '7b'): TestFile {
  const span = (spanID: string, operationName: string, processID: string, rest: object = {}) => ({
    ...{ traceID, spanID, operationName, processID, startTime: AT_US, duration: 40_000 },
    ...{ references: [], tags: [], logs: [], ...rest },
  });
  const charge = {
    references: [{ refType: 'CHILD_OF', traceID, spanID: 'a1' }],
    startTime: AT_US + 10_000,
    duration: 20_000,
    tags: [
      { key: 'error', type: 'bool', value: true },
      { key: 'amount', type: 'int64', value: 1999 },
    ],
  };
  const processes = { p1: { serviceName: 'checkout', tags: [] }, p2: { serviceName: 'payment', tags: [] } };
  const spans = [span('a1', 'POST /checkout', 'p1'), span('b2', 'charge', 'p2', charge)];
  return fileOf(name, JSON.stringify({ data: [{ traceID, spans, processes }] }));
}

/** A client and a server that share an id, as Zipkin has them. */
export function zipkinFile(name = 'zipkin.json'): TestFile {
  const half = (kind: string, serviceName: string, duration: number) => ({
    ...{ traceId: 'ef86c83c0a05a6d6', id: 'b2', parentId: 'a1', kind, name: 'get', timestamp: AT_US + 1000, duration },
    localEndpoint: { serviceName },
    ...(kind === 'SERVER' && { shared: true }),
  });
  const root = { traceId: 'ef86c83c0a05a6d6', id: 'a1', name: 'page', timestamp: AT_US, duration: 30_000 };
  const spans = [
    half('CLIENT', 'web', 20_000),
    half('SERVER', 'cart', 15_000),
    { ...root, localEndpoint: { serviceName: 'web' } },
  ];
  return fileOf(name, JSON.stringify(spans));
}

/** One line of the Collector's file exporter. */
export function otlpLine(id: number, service: string, name: string): string {
  const startNs = BigInt(AT_US) * 1000n + BigInt(id) * 1_000_000n;
  const span = {
    ...{ traceId: id.toString(16).padStart(32, '0'), spanId: id.toString(16).padStart(16, '0'), name, kind: 2 },
    ...{ startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 5_000_000n) },
  };
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  return JSON.stringify({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] });
}

export function fileOf(name: string, content: string | Uint8Array): TestFile {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) };
}

export function gzipped({ name, mimeType, buffer }: TestFile): TestFile {
  return { name: `${name}.gz`, mimeType, buffer: gzipSync(buffer) };
}

/** Drops files on the page, or pastes them. */
export async function give(page: Page, how: 'drop' | 'paste', files: readonly TestFile[]): Promise<void> {
  const contents = files.map(({ name, buffer }) => ({ name, bytes: [...buffer] }));
  await page.evaluate(
    ([type, given]) => {
      const data = new DataTransfer();
      for (const { name, bytes } of given) data.items.add(new File([Uint8Array.from(bytes)], name));
      const target = document.activeElement ?? document.body;
      if (type === 'paste') {
        target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        return;
      }
      for (const event of ['dragover', 'drop']) {
        target.dispatchEvent(new DragEvent(event, { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    },
    [how, contents] as const,
  );
}
