import { spanIdOf } from '#domain/ids.ts';
import { useSource, useSources } from '#state/source-context.ts';
import { useHref, useUrl } from '#state/url/use-url.ts';
import { CopyMenu } from './CopyMenu.tsx';
import { attributesJson, curlCommand, keyValueText } from './copy-forms.ts';
import { entryLabel } from './names.ts';
import { spanInUrl } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** The span in the forms in which people pass it on. */
export function SpanCopyMenu({ model, row }: { model: WaterfallModel; row: number }) {
  const { table } = model;
  const { config } = useSources();
  const source = useSource();
  const href = useHref();
  const { pin } = useUrl();
  const spanId = spanIdOf(table.spanId[row]);
  const page = { name: 'trace', traceId: table.traceId } as const;
  const attributes = async () => (await table.details.span(row)).attributes;
  const tempoPath = config.sources.find(each => each.id === source.id)?.tempoPath;
  const curl = () => {
    const { href: address } = new URL(href({ page }), location.href);
    return curlCommand({ traceId: table.traceId, page: address, tempoPath: tempoPath ?? '', pin });
  };
  return (
    <CopyMenu
      label="Copy the span"
      forms={[
        { name: 'Link to the span', text: () => new URL(href({ page, ...spanInUrl(table, row) }), location.href).href },
        { name: 'Span id', text: () => spanId },
        { name: 'In words', text: () => entryLabel(model.shape, row) },
        {
          name: 'Attributes as key=value',
          text: async () => (await attributes()).map(keyValueText).join('\n'),
        },
        { name: 'Attributes as JSON', text: async () => attributesJson(await attributes()) },
        { name: 'Span as OTLP JSON', text: () => table.details.rawJson(row) },
        // A trace of a file is nowhere else.
        ...(tempoPath !== undefined || pin !== '' ? [{ name: 'Trace as curl', text: curl }] : []),
      ]}
    />
  );
}
