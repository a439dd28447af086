import { SourceError, type SourceErrorKind } from '#sources/trace-source.ts';

export interface HttpOptions {
  /** For messages: what the user calls the source. */
  readonly sourceName: string;
  readonly signal: AbortSignal;
  /** Longest silence, before the answer and between its pieces. */
  readonly silenceMs: number;
  readonly fetch: typeof globalThis.fetch;
}

/** An answer with status 200 and of the wanted type; its body is still to be read. */
export interface HttpAnswer {
  readonly contentType: string;
  /** Bytes to come, where the length says so truly (not compressed). */
  readonly totalBytes: number | undefined;
  /** All pieces of the body in turn. What `onChunk` throws ends the reading and comes out here. */
  read(onChunk: (chunk: Uint8Array) => void): Promise<void>;
}

/** Of a whole address; undefined for a path of our own server. */
function originOf(address: string): string | undefined {
  return /^https?:/.test(address) ? new URL(address).origin : undefined;
}

/** GETs a path of the source. Rejects with a `SourceError`, or with the signal's reason when aborted. */
export async function get(path: string, accept: string, options: HttpOptions): Promise<HttpAnswer> {
  const { signal, sourceName } = options;
  const silence = new Silence(options.silenceMs);
  const failed = (cause: unknown, received: number): unknown => {
    if (signal.aborted) return signal.reason;
    const detail = `GET ${path}\n${String(cause)}${received > 0 ? ` after ${received} bytes` : ''}`;
    if (silence.over) {
      const seconds = Math.round(options.silenceMs / 1000);
      return new SourceError('timeout', `${sourceName} has not answered for ${seconds} seconds`, detail);
    }
    if (received > 0) return new SourceError('damaged', `The connection to ${sourceName} broke off`, detail);
    // A browser does not tell a page which of the two it was.
    const foreign = originOf(path);
    if (foreign !== undefined && foreign !== globalThis.location?.origin) {
      const title = `${sourceName} does not answer, or not to pages of ${globalThis.location?.origin} (CORS)`;
      return new SourceError('unreachable', title, detail);
    }
    return new SourceError('unreachable', `${sourceName} does not answer`, detail);
  };
  silence.restart();
  const either = AbortSignal.any([signal, silence.signal]);
  try {
    const response = await options
      .fetch(path, { headers: { accept }, signal: either })
      .catch((cause: unknown) => Promise.reject(failed(cause, 0)));
    const contentType = response.headers.get('content-type') ?? '';
    if (!response.ok) throw await refusal(response, path, sourceName);
    return {
      contentType,
      totalBytes: totalBytes(response),
      read: async onChunk => {
        let received = 0;
        const reader = response.body?.getReader();
        try {
          while (reader !== undefined) {
            silence.restart();
            const { done, value } = await reader
              .read()
              .catch((cause: unknown) => Promise.reject(failed(cause, received)));
            if (done) return;
            received += value.byteLength;
            onChunk(value);
          }
        } finally {
          silence.stop();
          // What is left after a failure is not wanted; a body that was read to its end is closed already.
          reader?.cancel().catch(() => undefined);
        }
      },
    };
  } catch (error) {
    silence.stop();
    throw error;
  }
}

/** The whole body as JSON; an answer that is something else is a `SourceError`. */
export async function getJson(path: string, options: HttpOptions): Promise<unknown> {
  const answer = await get(path, 'application/json', options);
  const decoder = new TextDecoder();
  let text = '';
  await answer.read(chunk => {
    text += decoder.decode(chunk, { stream: true });
  });
  text += decoder.decode();
  try {
    return JSON.parse(text);
  } catch {
    throw wrongType(answer.contentType, 'JSON', path, options.sourceName, text);
  }
}

/** The source answered, but with something that is not what was asked for: often a login page or a proxy's error page. */
export function wrongType(
  contentType: string,
  wanted: string,
  path: string,
  sourceName: string,
  text = '',
): SourceError {
  const html = /html/i.test(contentType) || /^\s*</.test(text);
  const what = html ? 'a web page' : contentType === '' ? 'something else' : contentType.split(';', 1)[0];
  const detail = `GET ${path}\n200, content type ${contentType || 'missing'}\n${text.slice(0, EXCERPT)}`;
  return new SourceError('damaged', `${sourceName} sent ${what} where ${wanted} was expected`, detail);
}

const EXCERPT = 500;

async function refusal(response: Response, path: string, sourceName: string): Promise<SourceError> {
  const body = await response.text().catch(() => '');
  const detail = `GET ${path}\n${response.status} ${response.statusText}\n${body.slice(0, EXCERPT)}`;
  const { kind, message } = refusalOf(response.status, sourceName, saidIn(body));
  return new SourceError(kind, message, detail);
}

function refusalOf(status: number, name: string, said: string): { kind: SourceErrorKind; message: string } {
  const because = said === '' ? '' : `: ${said}`;
  switch (status) {
    case 400:
    case 422:
      return { kind: 'bad-query', message: said || `${name} does not understand the request` };
    case 401:
    case 403:
      return { kind: 'server', message: `${name} refuses access${because}` };
    case 404:
    case 410:
      return { kind: 'not-found', message: `${name} has no such thing` };
    case 408:
    case 504:
      return { kind: 'timeout', message: `${name} took too long${because}` };
    case 413:
      return { kind: 'too-large', message: `The answer of ${name} would be too large${because}` };
    case 429:
      return { kind: 'server', message: `${name} has too much to do${because}` };
    case 502:
    case 503:
      return { kind: 'unreachable', message: `${name} is not available${because}` };
    default:
      return { kind: 'server', message: `${name} answered ${status}${because}` };
  }
}

/** The first line of an error body that is for people: Tempo's is plain text, our server's JSON; pages are not quoted. */
function saidIn(body: string): string {
  if (/^\s*</.test(body)) return '';
  try {
    const { error, message } = JSON.parse(body) as { error?: unknown; message?: unknown };
    const said = [error, message].find(text => typeof text === 'string');
    if (said !== undefined) return String(said);
  } catch {
    // Not JSON: the text itself.
  }
  return body.trim().split('\n', 1)[0].slice(0, 300);
}

function totalBytes({ headers }: Response): number | undefined {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : Number(length);
}

/** Aborts its signal when nothing has happened for a while. */
class Silence {
  readonly #controller = new AbortController();
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #since = 0;

  constructor(ms: number) {
    this.#ms = ms;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get over(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Costs next to nothing: a large trace comes in thousands of pieces. */
  restart(): void {
    this.#since = performance.now();
    this.#timer ??= setTimeout(() => this.#check(), this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    const restMs = this.#since + this.#ms - performance.now();
    this.#timer = undefined;
    if (restMs <= 0) this.#controller.abort();
    else this.#timer = setTimeout(() => this.#check(), restMs);
  }
}
