// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by hand, which table elements do not allow
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus roves over rows, not cells
import { memo } from 'react';
import { formatCount, formatCountCell } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import type { TraceSummary } from '#domain/search/trace-summary.ts';
import { formatInstant, formatRowTime } from '#domain/time/clock.ts';
import { DurationText } from '#views/shared/DurationText.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import type { RibbonColours } from '#views/shared/ribbon/draw-ribbon.ts';
import type { RibbonScale } from '#views/shared/ribbon/ribbon-scale.ts';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';
import { RibbonCanvas } from './RibbonCanvas.tsx';

export interface ResultRowProps {
  readonly trace: TraceSummary;
  /** Row number from 0 among all results. */
  readonly index: number;
  readonly top: number;
  readonly href: string;
  readonly isCurrent: boolean;
  readonly showMatched: boolean;
  readonly zone: string;
  readonly nowMs: number;
  readonly scale: RibbonScale;
  readonly colours: RibbonColours;
  readonly onFollow: (event: React.MouseEvent<HTMLAnchorElement>) => void;
  readonly onFocus: (index: number) => void;
}

/** One trace. The whole row is its link, so that it opens, copies and opens in a tab like any other. */
export const ResultRow = memo(function ResultRow(props: ResultRowProps) {
  const { trace, index, href, isCurrent, showMatched, zone, nowMs } = props;
  const failed = trace.errorCount > 0;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isCurrent}
      data-trace-id={trace.traceId}
      data-row={index}
      tabIndex={isCurrent ? 0 : -1}
      className="trace-row"
      style={{ transform: `translateY(${props.top}px)` }}
      onFocus={() => props.onFocus(index)}
    >
      <span role="gridcell" className="cell-status">
        <StatusGlyph status={failed ? 'error' : 'ok'} label={failed ? 'Has errors' : 'No errors'} />
      </span>
      <span role="gridcell" className="cell-name">
        <a className="row-link" href={href} tabIndex={-1} onClick={props.onFollow}>
          <Name trace={trace} />
        </a>
      </span>
      <span role="gridcell" className="cell-ribbon">
        {props.scale.width > 0 && <RibbonCanvas trace={trace} scale={props.scale} colours={props.colours} />}
      </span>
      <span role="gridcell" className="num cell-duration">
        <DurationText ns={trace.durationNs} />
      </span>
      <span role="gridcell" className="num sec cell-spans">
        {formatCount(trace.spanCount)}
      </span>
      {showMatched && (
        <span role="gridcell" className="num cell-matched">
          {trace.matchedSpans === undefined ? '–' : formatCount(trace.matchedSpans)}
        </span>
      )}
      <span role="gridcell" className={`num cell-errors ${failed ? 'err strong' : 'mut'}`}>
        {formatCountCell(trace.errorCount)}
      </span>
      <span role="gridcell" className="num sec cell-services" data-tip={serviceList(trace)}>
        {formatCount(trace.services.length)}
      </span>
      <span role="gridcell" className="num sec cell-start" data-tip={formatInstant(trace.startUnixNano, zone, 'full')}>
        {formatRowTime(trace.startUnixNano, zone, nowMs)}
      </span>
      <span role="gridcell" className="cell-acts acts">
        <a
          href={href}
          target="_blank"
          rel="noreferrer"
          tabIndex={-1}
          aria-label="Open in a new tab"
          data-tip="Open in a new tab"
          data-tip-keys="Mod+Enter"
        >
          <Icon name="open" className="s14" />
        </a>
      </span>
    </div>
  );
});

function Name({ trace }: { trace: TraceSummary }) {
  if (trace.rootServiceName === '' && trace.rootName === '') {
    const service = trace.services[0]?.name ?? '';
    return (
      <>
        <ServiceKey service={service} />
        <span className="row-service ell">{visibleText(service) || 'unknown service'}</span>
        <span className="wrn ell">root not received</span>
      </>
    );
  }
  const service = visibleText(trace.rootServiceName);
  const name = visibleText(trace.rootName);
  return (
    <>
      <ServiceKey service={trace.rootServiceName} />
      <span className="row-service ell">{service || 'no service name'}</span>
      <span className="ell row-operation" data-tip={`${service} ${name}`}>
        {name || 'no operation name'}
      </span>
    </>
  );
}

function serviceList(trace: TraceSummary): string {
  const shown = trace.services.slice(0, 12).map(({ name, spanCount }) => `${name || 'no name'} ${spanCount}`);
  const more = trace.services.length - shown.length;
  return `${shown.map(visibleText).join(', ')}${more > 0 ? `, ${more} more` : ''}`;
}
