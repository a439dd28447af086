import type { FastifyInstance } from 'fastify';
import type { SelfCheckReport, SelfCheckState } from '#domain/api/store-api.ts';
import type { Log } from './log.ts';

/** What the routes need of a self-check. */
export interface SelfCheckRunner {
  readonly state: SelfCheckState;
  run(): Promise<SelfCheckReport>;
}

/** GET /api/selfcheck: the last result. POST runs one and answers with its result, whatever it is. */
export function addSelfCheckApi(app: FastifyInstance, selfCheck: SelfCheckRunner, log: Log): void {
  app.get('/api/selfcheck', async (_request, reply) => reply.header('cache-control', 'no-store').send(selfCheck.state));
  app.post('/api/selfcheck', async (_request, reply) => {
    const report = await selfCheck.run();
    log.event('selfcheck', {
      verdict: report.verdict,
      ...Object.fromEntries(report.steps.map(({ name, state }) => [name, state])),
    });
    return reply.header('cache-control', 'no-store').send(report);
  });
}
