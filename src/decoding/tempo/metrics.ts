import { type JsonObject, listOf, numberOf, objectOf, textOf } from './json.ts';

export interface MetricsReply {
  readonly series: readonly MetricsSeries[];
  /** Why series are missing; '' if none are. */
  readonly partial: string;
}

export interface MetricsSeries {
  /** Text as it is, numbers and booleans in print; `nil` of Tempo is the text "nil". */
  readonly labels: ReadonlyMap<string, string>;
  /** Of an instant query; zero is left out by Tempo. */
  readonly value: number;
  /** Of a range query, by time: unix ms. */
  readonly samples: readonly { readonly unixMs: number; readonly value: number }[];
}

/** The reply of `GET /api/metrics/query` and `GET /api/metrics/query_range`. */
export function decodeMetrics(json: unknown): MetricsReply {
  const { series, status, message } = objectOf(json);
  return {
    series: listOf(series).map(one => {
      const { labels, value, samples } = objectOf(one);
      return {
        labels: new Map(listOf(labels).map(labelOf)),
        value: numberOf(value),
        samples: listOf(samples).map(sampleOf),
      };
    }),
    partial: status === 'PARTIAL' ? textOf(message) || 'part of the data was not read' : '',
  };
}

function labelOf(label: unknown): [string, string] {
  const { key, value } = objectOf(label);
  return [textOf(key), printed(objectOf(value))];
}

/** An OTLP value in JSON. */
function printed({ stringValue, intValue, doubleValue, boolValue }: JsonObject): string {
  const value = stringValue ?? intValue ?? doubleValue ?? boolValue ?? '';
  return typeof value === 'object' ? '' : String(value);
}

function sampleOf(sample: unknown): { unixMs: number; value: number } {
  const { timestampMs, value } = objectOf(sample);
  return { unixMs: numberOf(timestampMs), value: numberOf(value) };
}
