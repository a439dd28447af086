import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { context, type Link, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import { ask, call } from './call.ts';
import { BROKER_HOST } from './context-keys.ts';
import { fail } from './fail.ts';
import type { Message } from './message.ts';

const tracer = trace.getTracer('shop-queue');

function attributes(queue: string, operation: string, type: string) {
  return {
    'messaging.system': 'shopmq',
    'messaging.destination.name': queue,
    'messaging.operation.name': operation,
    'messaging.operation.type': type,
  };
}

/** Sends one message; trace context and baggage travel in its headers. */
export function publish(queue: string, body: unknown): Promise<void> {
  const options = { kind: SpanKind.PRODUCER, attributes: attributes(queue, 'send', 'send') };
  return tracer.startActiveSpan(`send ${queue}`, options, async span => {
    try {
      const message: Message = { id: randomUUID(), headers: {}, body };
      propagation.inject(context.active(), message.headers);
      span.setAttribute('messaging.message.id', message.id);
      await ask(BROKER_HOST, `POST /queues/${queue}`, { body: message });
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Handles messages one by one. The span continues the sender's trace and also links to the sending span. */
export async function consume(queue: string, handle: (body: Message['body']) => Promise<void>): Promise<never> {
  for (;;) {
    for (const message of await receive(queue, 1)) {
      const parent = propagation.extract(ROOT_CONTEXT, message.headers);
      const options = {
        kind: SpanKind.CONSUMER,
        attributes: { ...attributes(queue, 'process', 'process'), 'messaging.message.id': message.id },
        links: linksTo([message]),
      };
      await tracer.startActiveSpan(`process ${queue}`, options, parent, span =>
        handle(message.body)
          .catch(error => fail(span, error))
          .finally(() => span.end()),
      );
    }
  }
}

/** Handles messages in batches. A batch has many senders, so it is a trace of its own that only links to them. */
export async function consumeBatches(
  queue: string,
  handle: (bodies: Message['body'][]) => Promise<void>,
): Promise<never> {
  for (;;) {
    await wait(1_500);
    const messages = await receive(queue, 20);
    if (messages.length === 0) continue;
    const options = {
      root: true,
      kind: SpanKind.CONSUMER,
      attributes: { ...attributes(queue, 'process', 'process'), 'messaging.batch.message_count': messages.length },
      links: linksTo(messages),
    };
    await tracer.startActiveSpan(`process ${queue}`, options, span =>
      handle(messages.map(message => message.body))
        .catch(error => fail(span, error))
        .finally(() => span.end()),
    );
  }
}

async function receive(queue: string, most: number): Promise<Message[]> {
  try {
    const answer = await call(BROKER_HOST, `GET /queues/${queue}?most=${most}`, { timeoutMs: 5_000 });
    return answer.body.messages ?? [];
  } catch {
    await wait(500); // the broker is starting or stopping; messages wait there
    return [];
  }
}

function linksTo(messages: readonly Message[]): Link[] {
  return messages.flatMap(message => {
    const sender = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, message.headers));
    return sender ? [{ context: sender, attributes: { 'messaging.message.id': message.id } }] : [];
  });
}
