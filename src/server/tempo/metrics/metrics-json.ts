import { hex } from '#domain/traceql/run/trace-data.ts';
import { goDuration, valueJson } from '#server/tempo/value-json.ts';
import type { Exemplar } from './exemplars.ts';
import type { MetricsAnswer, MetricsSeries } from './query-metrics.ts';
import type { Label } from './series.ts';

/** The body of Tempo's reply to a range query: zero values left out. */
export function rangeJson(answer: MetricsAnswer): Record<string, unknown> {
  return bodyOf(answer, ({ labels, points, exemplars }) => ({
    labels: labels.map(labelJson),
    samples: samplesJson(points, answer.timesMs),
    exemplars: exemplars.length > 0 ? exemplars.map(exemplarJson) : undefined,
  }));
}

/** The body of Tempo's reply to an instant query. */
export function instantJson(answer: MetricsAnswer): Record<string, unknown> {
  return bodyOf(answer, ({ labels, points }) => ({
    labels: labels.map(labelJson),
    value: points[0] || undefined,
  }));
}

function samplesJson(points: Float64Array, timesMs: readonly string[]): readonly unknown[] {
  const samples: unknown[] = [];
  points.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    samples.push(value === 0 ? { timestampMs: timesMs[i] } : { timestampMs: timesMs[i], value });
  });
  return samples;
}

function bodyOf(
  { series, inspectedSpans, partial }: MetricsAnswer,
  seriesJson: (series: MetricsSeries) => unknown,
): Record<string, unknown> {
  return {
    series: series.map(seriesJson),
    metrics: { inspectedSpans: String(inspectedSpans), completedJobs: 1, totalJobs: 1 },
    status: partial === undefined ? undefined : 'PARTIAL',
    message: partial,
  };
}

function labelJson({ key, value }: Label): Record<string, unknown> {
  const isTime =
    typeof value === 'bigint' && (key === 'duration' || key === 'traceDuration' || key === 'event:timeSinceStart');
  return { key, value: isTime ? { stringValue: goDuration(value) } : valueJson(value) };
}

function exemplarJson({ traceId, startNs, durationNs, value }: Exemplar): Record<string, unknown> {
  return {
    labels: [
      { key: 'trace:id', value: { stringValue: hex(traceId, 32) } },
      { key: 'duration', value: { stringValue: goDuration(durationNs) } },
    ],
    value: value || undefined,
    timestampMs: String(startNs / 1_000_000n),
  };
}
