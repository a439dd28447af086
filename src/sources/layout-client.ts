import type { GraphLayout, LayoutInput } from '#domain/graph/layout/layout-graph.ts';
import type { LayoutReply, LayoutRequest } from '#layout/layout-protocol.ts';
import { startLayoutWorker } from './start-worker.ts';

/** A running layout worker. */
interface LayoutPort {
  readonly send: (request: LayoutRequest) => void;
  readonly terminate: () => void;
}

type Start = (onReply: (reply: LayoutReply) => void, onFault: (what: string) => void) => LayoutPort;

interface Asked {
  readonly request: LayoutRequest;
  readonly resolve: (layout: GraphLayout) => void;
  readonly reject: (reason: unknown) => void;
}

/** Lays graphs out in a worker, one at a time; the worker starts with the first and stays. */
export class LayoutClient {
  readonly #start: Start;
  #port: LayoutPort | undefined;
  #id = 0;
  #running: Asked | undefined;
  #next: Asked | undefined;

  constructor(start: Start = startLayoutWorker) {
    this.#start = start;
  }

  /** A layout that is asked for while another waits takes its place: the one that waited rejects with AbortError. */
  lay(input: LayoutInput): Promise<GraphLayout> {
    return new Promise((resolve, reject) => {
      this.#next?.reject(new DOMException('another layout is wanted', 'AbortError'));
      this.#next = { request: { id: ++this.#id, input }, resolve, reject };
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#running !== undefined || this.#next === undefined) return;
    this.#port ??= this.#start(
      reply => this.#done(reply),
      what => this.#fail(what),
    );
    this.#running = this.#next;
    this.#next = undefined;
    this.#port.send(this.#running.request);
  }

  #done({ id, layout }: LayoutReply): void {
    if (this.#running?.request.id !== id) return;
    const { resolve } = this.#running;
    this.#running = undefined;
    resolve(layout);
    this.#pump();
  }

  #fail(what: string): void {
    this.#port?.terminate();
    this.#port = undefined;
    const failed = this.#running;
    this.#running = undefined;
    failed?.reject(new Error(`The graph could not be laid out: ${what}`));
    this.#pump();
  }
}
