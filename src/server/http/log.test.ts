import { expect, test } from 'vitest';
import { createLog } from './log.ts';

const at = () => new Date('2026-01-02T03:04:05.678Z');

function lines(format: 'text' | 'json', use: (log: ReturnType<typeof createLog>) => void): string[] {
  const written: string[] = [];
  use(createLog(format, line => written.push(line), at));
  expect(written.every(line => line.endsWith('\n'))).toBe(true);
  return written.map(line => line.slice(0, -1));
}

test('the listening line is exactly what programs wait for', () => {
  const addresses = {
    ui: 'http://127.0.0.1:7318',
    otlpHttp: 'http://127.0.0.1:4318',
    otlpGrpc: 'http://127.0.0.1:4317',
  };
  expect(lines('json', log => log.event('listening', addresses))).toEqual([
    '{"event":"listening","ui":"http://127.0.0.1:7318","otlpHttp":"http://127.0.0.1:4318","otlpGrpc":"http://127.0.0.1:4317"}',
  ]);
  expect(lines('text', log => log.event('listening', addresses))).toEqual([]);
});

test('an event without fields is its name', () => {
  expect(lines('text', log => log.event('stopping', {}))[0].slice(9)).toBe('stopping');
});

test('requests are logged without their query', () => {
  const entry = { port: 'ui', method: 'GET', url: '/tempo/api/search?q=secret#x', status: 200, ms: 12.345 } as const;
  expect(lines('json', log => log.request(entry))).toEqual([
    '{"event":"request","time":"2026-01-02T03:04:05.678Z","port":"ui","method":"GET","status":200,"path":"/tempo/api/search","ms":12.3}',
  ]);
  const [text] = lines('text', log => log.request({ ...entry, message: 'why' }));
  expect(text.slice(9)).toBe('GET /tempo/api/search 200 12 ms: why');
});

test('no value can forge a line', () => {
  const forged = 'x\r\n{"event":"listening"}\x1b[2J\x9b';
  for (const format of ['text', 'json'] as const) {
    const written = lines(format, log => {
      log.event('notice', { message: forged });
      log.request({ port: 'otlp', method: 'POST', url: '/', status: 400, ms: 1, message: forged });
    });
    expect(written).toHaveLength(2);
    for (const line of written) expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  }
});

test('sentences for people are left out of JSON', () => {
  expect(lines('json', log => log.say('hello'))).toEqual([]);
  expect(lines('text', log => log.say('hello'))).toEqual(['hello']);
});
