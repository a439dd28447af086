import type { TraceId } from '#domain/ids.ts';
import type { Attribute, AttributeValue } from '#domain/trace/trace-table.ts';
import { valueText } from '#domain/trace/value-text.ts';

/** `key=value`; values with white space, quotes or equals signs in quotes, as the find field and a shell read them. */
export function keyValueText({ key, value }: Attribute): string {
  const text = valueText(value);
  return `${key}=${text === '' || /[\s"'=\\$`]/.test(text) ? JSON.stringify(text) : text}`;
}

/** One attribute as a line of JSON, `{"http.route": "/cart"}`; all of them as an indented object. */
export function attributesJson(attributes: readonly Attribute[]): string {
  const lines = attributes.map(({ key, value }) => `${JSON.stringify(key)}: ${jsonValue(value)}`);
  return lines.length === 1 ? `{${lines[0]}}` : `{\n  ${lines.join(',\n  ')}\n}`;
}

/** Where a trace is to be had without this page. */
export interface TracePlace {
  readonly traceId: TraceId;
  /** The address of a page of the app. */
  readonly page: string;
  /** Of the source: from the base of the app, or a whole address. */
  readonly tempoPath: string;
  /** Id of the pin whose copy is shown; '' for the trace as the source has it. */
  readonly pin: string;
}

/** The call that answers with the trace that is shown: as OTLP JSON or, from a pin, which keeps bytes, as a file of OTLP. */
export function curlCommand({ traceId, page, tempoPath, pin }: TracePlace): string {
  const base = page.slice(0, page.lastIndexOf('/trace/') + 1);
  if (pin !== '') return `curl -sS -o ${traceId}.pb ${quoted(`${base}api/pins/${pin}/trace`)}`;
  const root = /^https?:/.test(tempoPath) ? tempoPath : `${base}${tempoPath}`;
  return `curl -sS -H 'Accept: application/json' ${quoted(`${root}/api/v2/traces/${traceId}`)}`;
}

/** For a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Ints stay exact numbers; what JSON has no number for is its text. */
function jsonValue(value: AttributeValue): string {
  switch (value.type) {
    case 'int':
    case 'bool':
      return String(value.value);
    case 'double':
      return Number.isFinite(value.value) ? valueText(value) : JSON.stringify(String(value.value));
    case 'empty':
      return 'null';
    case 'list':
    case 'map':
      return valueText(value);
    default:
      return JSON.stringify(valueText(value));
  }
}
