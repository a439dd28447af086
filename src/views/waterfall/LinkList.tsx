import { useMemo } from 'react';
import { formatCount } from '#domain/format/number.ts';
import { cutMiddle } from '#domain/format/text.ts';
import { type SpanId, spanIdOf } from '#domain/ids.ts';
import type { SpanDetail } from '#domain/trace/span-details.ts';
import { rowOfSpan } from '#domain/trace/span-lookup.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { Button } from '#views/shared/Button.tsx';
import { CopyButton } from '#views/shared/CopyButton.tsx';
import { AttributeList } from './AttributeList.tsx';
import { DrawerSection } from './DrawerSection.tsx';
import { LongList } from './LongList.tsx';
import { linkCount, linksFrom, linksTo, MOST_LINKS, type SpanLink } from './links.ts';
import { operationName, serviceName } from './names.ts';
import { linkTarget } from './use-links.ts';
import type { Select } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

const AT_FIRST = 30;
const ROW_PX = 24;

/** Links of a span, and those of other spans of this trace that point at it. Nothing if there are none. */
export function LinkList({
  model,
  row,
  links,
  onSelect,
}: {
  model: WaterfallModel;
  row: number;
  links: SpanDetail['links'];
  onSelect: Select;
}) {
  const { table } = model;
  const out = useMemo(() => linksFrom(table, row), [table, row]);
  const back = useMemo(() => linksTo(table, row), [table, row]);
  const all = useMemo<readonly (SpanLink | number)[]>(() => [...out, ...back], [out, back]);
  const dropped = table.droppedLinks[row];
  if (out.length === 0 && back.length === 0 && dropped === 0) return null;
  return (
    <DrawerSection title="Links" count={linkCount(table, row) + back.length} dropped={dropped}>
      <LongList
        items={all}
        atFirst={AT_FIRST}
        rowPx={ROW_PX}
        block={(part, from) => (
          <ul className="ln-list">
            {part.map((link, i) =>
              typeof link === 'number' ? (
                <li key={link} className="ln">
                  <span className="mut">linked by</span>
                  <SpanButton model={model} row={link} onSelect={onSelect} />
                </li>
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: a span may link to another twice
                <li key={`${link.traceId}${link.spanId}${from + i}`} className="ln">
                  <span className="mut">links to</span>
                  <span className="ln-body">
                    <LinkTarget model={model} link={link} onSelect={onSelect} />
                    {(links[from + i]?.attributes.length ?? 0) > 0 && (
                      <AttributeList attributes={links[from + i].attributes} scope="link" needle="" />
                    )}
                  </span>
                </li>
              ),
            )}
          </ul>
        )}
      />
      {(linkCount(table, row) > MOST_LINKS || back.length === MOST_LINKS) && (
        <div className="dr-none">The first {formatCount(MOST_LINKS)} each way are listed</div>
      )}
    </DrawerSection>
  );
}

function LinkTarget({ model, link, onSelect }: { model: WaterfallModel; link: SpanLink; onSelect: Select }) {
  const href = useHref();
  const follow = useFollow();
  const here = link.traceId === model.table.traceId ? rowOfSpan(model.table, link.spanId as SpanId) : -1;
  if (here >= 0) return <SpanButton model={model} row={here} onSelect={onSelect} />;
  return (
    <span className="ln-other">
      <a
        className="mono t11 ell"
        href={href(linkTarget(link))}
        onClick={follow}
        data-tip={`Open trace ${link.traceId}`}
      >
        trace {cutMiddle(link.traceId, 13)}, span {cutMiddle(link.spanId, 9)}
      </a>
      <CopyButton text={link.traceId} label="Copy the linked trace id" />
    </span>
  );
}

/** A span of this trace as something to press. */
export function SpanButton({ model, row, onSelect }: { model: WaterfallModel; row: number; onSelect: Select }) {
  return (
    <Button
      kind="quiet"
      className="ln-span ell"
      data-span-target={spanIdOf(model.table.spanId[row])}
      onClick={() => {
        model.jumpTo(row);
        onSelect(row);
      }}
    >
      <bdi className="ell">
        {serviceName(model.shape, row)} {operationName(model.shape, row)}
      </bdi>
    </Button>
  );
}
