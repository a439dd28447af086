import type { Histogram, StoreMetrics } from '#server/store/store.ts';

/** Prometheus text format 0.0.4. */
export function metricsText(metrics: StoreMetrics, nowMs: number): string {
  const lines: string[] = [];
  const byReason = (reasons: Readonly<Record<string, number>>) =>
    Object.entries(reasons).map(([reason, value]) => [`{reason="${escapeLabel(reason)}"}`, value] as const);
  const put = (
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    samples: readonly (readonly [labels: string, value: number])[],
  ) => {
    lines.push(`# HELP throughline_${name} ${help}`, `# TYPE throughline_${name} ${type}`);
    for (const [labels, value] of samples) lines.push(`throughline_${name}${labels} ${value}`);
  };
  const putHistogram = (name: string, help: string, { bounds, counts, sum, count }: Histogram) => {
    lines.push(`# HELP throughline_${name} ${help}`, `# TYPE throughline_${name} histogram`);
    bounds.forEach((bound, at) => {
      lines.push(`throughline_${name}_bucket{le="${bound}"} ${counts[at]}`);
    });
    lines.push(
      `throughline_${name}_bucket{le="+Inf"} ${count}`,
      `throughline_${name}_sum ${sum}`,
      `throughline_${name}_count ${count}`,
    );
  };

  put('spans_received_total', 'counter', 'Spans that arrived.', [['', metrics.spansReceived]]);
  put('spans_committed_total', 'counter', 'Spans that are on disk.', [['', metrics.spansCommitted]]);
  put('spans_rejected_total', 'counter', 'Spans that were refused.', byReason(metrics.spansRejected));
  put(
    'spans_odd_total',
    'counter',
    'Spans kept although their times or their parent are odd.',
    byReason(metrics.spansOdd),
  );
  put('spans_deduplicated_total', 'counter', 'Spans acknowledged without being written, because they were there.', [
    ['', metrics.spansDeduplicated],
  ]);
  put(
    'requests_refused_total',
    'counter',
    'Whole requests that were refused, their spans uncounted.',
    byReason(metrics.requestsRefused),
  );
  put('copies_left_out_total', 'counter', 'Identical copies left out of trace replies.', [['', metrics.copiesLeftOut]]);
  putHistogram(
    'acknowledge_seconds',
    'Time from taking a request over until it was on disk.',
    metrics.acknowledgeSeconds,
  );
  putHistogram('commit_seconds', 'Time of a commit.', metrics.commitSeconds);
  putHistogram('checkpoint_seconds', 'Time of a checkpoint.', metrics.checkpointSeconds);
  const { compactions } = metrics;
  put('compacted_segments_total', 'counter', 'Segments that were compacted.', [['', compactions.segments]]);
  put('compacted_copies_total', 'counter', 'Redelivered spans that compaction left out.', [['', compactions.copies]]);
  put('compacted_bytes_total', 'counter', 'Bytes of compacted segments in the file.', [
    ['{when="before"}', compactions.bytesBefore],
    ['{when="after"}', compactions.bytesAfter],
  ]);
  put('wal_bytes', 'gauge', 'Size of the write-ahead log.', [['', metrics.walBytes]]);
  put('database_bytes', 'gauge', 'Size of the database file.', [['', metrics.databaseBytes]]);
  put('queue_bytes', 'gauge', 'Requests that wait for their commit.', [['', metrics.queueBytes]]);
  put('disk_free_bytes', 'gauge', 'Free space where the database lies.', [['', metrics.diskFreeBytes]]);
  put('segments', 'gauge', 'Time segments kept.', [['', metrics.segments]]);
  put('queries_running', 'gauge', 'Queries at work.', [['', metrics.queriesRunning]]);
  put('queries_stopped_total', 'counter', 'Queries ended before their answer.', [['', metrics.queriesStopped]]);
  if (metrics.lastCommitUnixMs !== undefined) {
    const age = Math.max(0, nowMs - metrics.lastCommitUnixMs) / 1000;
    put('last_commit_age_seconds', 'gauge', 'Time since the last commit.', [['', age]]);
  }
  // Names that dashboards know of every process.
  lines.push(
    '# HELP process_resident_memory_bytes Resident memory size in bytes.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
  );
  return `${lines.join('\n')}\n`;
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
