export interface Log {
  /** One line about the server: `name` is its kind, the fields are plain values. */
  event(name: string, fields: Readonly<Record<string, unknown>>): void;
  request(entry: RequestEntry): void;
  /** Sentences for a person at a terminal; nothing in JSON format. */
  say(text: string): void;
}

export interface RequestEntry {
  readonly port: 'ui' | 'otlp' | 'otlp-grpc';
  readonly method: string;
  /** As received; the query string is cut off here, because it holds filter values. */
  readonly url: string;
  /** Of HTTP; at the gRPC port a status code of gRPC. */
  readonly status: number;
  readonly ms: number;
  readonly message?: string;
}

/** One line per event, JSON or text, free of control characters in both. */
export function createLog(
  format: 'text' | 'json',
  write: (line: string) => void,
  now: () => Date = () => new Date(),
): Log {
  const json = (name: string, fields: object) => write(`${escapeHigh(JSON.stringify({ event: name, ...fields }))}\n`);
  if (format === 'json') {
    return {
      event: (name, fields) => json(name, name === 'listening' ? fields : { time: now().toISOString(), ...fields }),
      request: ({ url, ms, ...entry }) =>
        json('request', { time: now().toISOString(), ...entry, path: pathOf(url), ms: Math.round(ms * 10) / 10 }),
      say: () => {},
    };
  }
  const line = (text: string) => write(`${now().toTimeString().slice(0, 8)} ${oneLine(text)}\n`);
  return {
    event: (name, fields) => {
      const said = Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`);
      if (name !== 'listening') line(said.length === 0 ? name : `${name}: ${said.join(' ')}`);
    },
    request: ({ method, url, status, ms, message }) =>
      line(`${method} ${pathOf(url)} ${status} ${ms.toFixed(0)} ms${message === undefined ? '' : `: ${message}`}`),
    say: text => write(`${text}\n`),
  };
}

function pathOf(url: string): string {
  return url.split(/[?#]/, 1)[0].slice(0, 500);
}

function oneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, character => (character === '\n' ? ' ⏎ ' : '�'));
}

/** JSON escapes C0 controls by itself, not DEL and C1, which some terminals obey. */
function escapeHigh(text: string): string {
  return text.replace(/[\x7f-\x9f]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
