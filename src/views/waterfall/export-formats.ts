import type { TraceId } from '#domain/ids.ts';
import type { TraceFileFormat } from '#state/use-trace-file.ts';

export type PictureFormat = 'svg' | 'png';
export type ExportFormat = TraceFileFormat | PictureFormat | 'markdown';

/** What a trace is exported as: its name, what of the trace is in it, and the end of the file's name. */
export interface ExportForm {
  readonly format: ExportFormat;
  readonly name: string;
  readonly note: string;
  readonly ending: string;
}

/** By heading, in the order of the menu. */
export const EXPORT_FORMS: readonly { readonly heading: string; readonly forms: readonly ExportForm[] }[] = [
  {
    heading: 'Trace',
    forms: [
      { format: 'otlp-json', name: 'OTLP JSON', note: 'everything', ending: 'otlp.json' },
      { format: 'jaeger-json', name: 'Jaeger JSON', note: 'times in µs', ending: 'jaeger.json' },
      { format: 'csv', name: 'Spans as CSV', note: 'a line each', ending: 'spans.csv' },
    ],
  },
  {
    heading: 'Waterfall as it is shown',
    forms: [
      { format: 'svg', name: 'Picture as SVG', note: 'text stays text', ending: 'waterfall.svg' },
      { format: 'png', name: 'Picture as PNG', note: 'twice the size', ending: 'waterfall.png' },
    ],
  },
  {
    heading: 'In words',
    forms: [{ format: 'markdown', name: 'Summary as Markdown', note: '', ending: 'summary.md' }],
  },
];

export function formOf(format: ExportFormat): ExportForm {
  return EXPORT_FORMS.flatMap(({ forms }) => forms).find(form => form.format === format)!;
}

/** `trace-7f3c…e91a.otlp.json` */
export function exportName(traceId: TraceId, format: ExportFormat): string {
  return `trace-${traceId}.${formOf(format).ending}`;
}
