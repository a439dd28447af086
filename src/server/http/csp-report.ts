import type { FastifyInstance } from 'fastify';
import type { Log } from './log.ts';

const PER_MINUTE = 20;

/** POST /api/csp-report: what a browser blocked, as one log line. Anyone can send one, so they are few and short. */
export function addCspReport(app: FastifyInstance, log: Log, nowMs: () => number = Date.now): void {
  let minute = 0;
  let inMinute = 0;
  app.register(async scope => {
    scope.addContentTypeParser(
      ['application/csp-report', 'application/reports+json', 'application/json'],
      { parseAs: 'string', bodyLimit: 16 * 1024 },
      (_request, body, done) => done(null, body),
    );
    scope.post('/api/csp-report', async (request, reply) => {
      const now = Math.floor(nowMs() / 60_000);
      inMinute = now === minute ? inMinute + 1 : 1;
      minute = now;
      if (inMinute > PER_MINUTE) return reply.code(429).header('retry-after', '60').send({ error: 'too many reports' });
      log.event('csp-violation', summary(String(request.body ?? '')));
      return reply.code(204).send();
    });
  });
}

function summary(body: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(body);
    const outer = (Array.isArray(parsed) ? parsed[0] : parsed) as Record<string, unknown> | null;
    const report = (outer?.['csp-report'] ?? outer?.body ?? {}) as Record<string, unknown>;
    const text = (...names: readonly string[]) =>
      String(names.map(name => report[name]).find(value => value !== undefined) ?? '');
    return {
      directive: text('effective-directive', 'effectiveDirective', 'violated-directive').slice(0, 100),
      // Addresses without their query: it holds filter values.
      blocked: text('blocked-uri', 'blockedURL').split('?', 1)[0].slice(0, 300),
      source: text('source-file', 'sourceFile').split('?', 1)[0].slice(0, 300),
      line: text('line-number', 'lineNumber').slice(0, 10),
    };
  } catch {
    return { directive: 'unreadable report' };
  }
}
