import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, IngestAnswer, IngestMessage, ToWorker, WorkerSettings } from './protocol.ts';
import { StoreCore } from './store-core.ts';
import { QueryStopped } from './store-types.ts';

// Entry of the store's worker thread: messages in, calls on the core, messages out.

const port = parentPort!;

function send(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

async function main(): Promise<void> {
  const opened = await StoreCore.open({
    settings: workerData as WorkerSettings,
    nowMs: Date.now,
    events: {
      notice: text => send({ type: 'notice', text }),
      state: (state, reason) => send({ type: 'state', state, reason }),
      committed: (seconds, segments) => send({ type: 'committed', seconds, atUnixMs: Date.now(), segments }),
      compacted: compaction => send({ type: 'compacted', compaction }),
      checkpointed: seconds => send({ type: 'checkpointed', seconds }),
      deduped: spans => send({ type: 'deduped', spans }),
      logTail: bytes => send({ type: 'log-tail', bytes }),
    },
  });
  if (!opened.ok) {
    send({ type: 'refused', error: opened.error });
    return;
  }
  port.on('message', (message: ToWorker) => receive(opened.value, message));
  send({ type: 'opened' });
}

/** Answers of one turn: a commit gives many. */
let answers: IngestAnswer[] = [];

async function ingest(core: StoreCore, { id, buffer, bytes, ...rest }: IngestMessage): Promise<void> {
  const outcome = await core.ingest({ body: new Uint8Array(buffer, 0, bytes), ...rest });
  if (answers.length === 0) queueMicrotask(sendAnswers);
  answers.push({ id, buffer, ...outcome });
}

function sendAnswers(): void {
  const sent = answers;
  answers = [];
  send(
    { type: 'ingested', answers: sent },
    sent.map(({ buffer }) => buffer),
  );
}

function receive(core: StoreCore, message: ToWorker): void {
  if (message.type === 'ingest') {
    for (const request of message.requests) void ingest(core, request);
    return;
  }
  const { id } = message;
  switch (message.type) {
    case 'trace':
      answer(id, core.trace(id, message.traceId), value => (value === undefined ? [] : [value.buffer]));
      break;
    case 'trace-or-plan':
      answer(id, core.traceOrPlan(id, message.traceId), reply =>
        reply !== undefined && 'bytes' in reply ? [reply.bytes.buffer] : [],
      );
      break;
    case 'trace-part':
      answer(id, core.tracePart(id, message.part), pieces => [...new Set(pieces.map(({ buffer }) => buffer))]);
      break;
    case 'query':
      answer(id, core.query(id, message.request, message.deadlineMs));
      break;
    case 'stop':
      core.stopQuery(id);
      break;
    case 'status':
      send({ type: 'answer', id, value: core.status() });
      break;
    case 'ready':
      answer(id, core.ready());
      break;
    case 'pins':
      answer(id, core.pins(id, message.request), value =>
        value instanceof Uint8Array ? [value.buffer as ArrayBuffer] : [],
      );
      break;
    case 'trace-state':
      answer(id, core.traceState(id, message.question));
      break;
    case 'backup':
      answer(id, core.backup());
      break;
    case 'figures':
      answer(id, core.figures(id));
      break;
    case 'remove-sample':
      answer(id, core.removeSample());
      break;
    case 'close':
      answer(id, core.close());
      break;
  }
}

function answer<T>(id: number, work: Promise<T>, transfer: (value: T) => readonly ArrayBuffer[] = () => []): void {
  work.then(
    value => send({ type: 'answer', id, value }, transfer(value)),
    (cause: unknown) => {
      if (cause instanceof QueryStopped) send({ type: 'stopped', id, reason: cause.reason });
      else
        send({ type: 'failed', id, message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
    },
  );
}

void main();
