import { type ReactNode, useCallback, useDeferredValue, useMemo } from 'react';
import { durationText, exactDurationText, offsetText } from '#domain/format/duration.ts';
import { formatPercent, UNKNOWN } from '#domain/format/number.ts';
import { cutEnd, visibleText } from '#domain/format/text.ts';
import { kindName } from '#domain/trace/enum-names.ts';
import { serviceOf } from '#domain/trace/service-of.ts';
import { type Attribute, StatusCode } from '#domain/trace/trace-table.ts';
import { useSources } from '#state/source-context.ts';
import type { DetailsTab } from '#state/url/url-state.ts';
import { useGo, useUrl } from '#state/url/use-url.ts';
import { IconButton } from '#views/shared/Button.tsx';
import { Icon } from '#views/shared/Icon.tsx';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';
import { AttributeList } from './AttributeList.tsx';
import { BaggageTrail } from './BaggageTrail.tsx';
import { isBaggageKey } from './baggage.ts';
import { DrawerSection } from './DrawerSection.tsx';
import { EventList } from './EventList.tsx';
import { traceFacts } from './facts.ts';
import { LinkList } from './LinkList.tsx';
import { LongText } from './LongText.tsx';
import { isTimed, operationName, serviceName } from './names.ts';
import { RawSpan } from './RawSpan.tsx';
import { SpanCopyMenu } from './SpanCopyMenu.tsx';
import { SpanIds } from './SpanIds.tsx';
import { useStore } from './store.ts';
import { useAsync } from './use-async.ts';
import type { Select } from './use-selection.ts';
import type { WaterfallModel } from './waterfall-model.ts';

/** Everything about one span. Key it by row: its folds belong to the span; what is searched for goes along. */
export function SpanDrawer({
  model,
  row,
  look,
  onLook,
  onClose,
  onSelect,
}: {
  model: WaterfallModel;
  row: number;
  /** Text looked for in the details. */
  look: string;
  onLook: (look: string) => void;
  onClose: () => void;
  onSelect: Select;
}) {
  const { table, shape } = model;
  const { tab } = useUrl();
  const go = useGo();
  const setTab = (next: DetailsTab): void => go({ tab: next }, 'replace');
  const name = operationName(shape, row);
  return (
    <aside className="dr" aria-label={`Details of ${serviceName(shape, row)} ${name}`}>
      <header className="dr-head">
        <h2>
          <ServiceKey service={serviceOf(table, row)} />
          <bdi className="sec dr-service ell">{serviceName(shape, row)}</bdi>
          <bdi className="strong ell grow" data-tip={name}>
            {name}
          </bdi>
        </h2>
        <span className="tag">{kindName(table.kind[row])}</span>
        <SpanCopyMenu model={model} row={row} />
        <IconButton kind="quiet" icon="close" label="Close the details" keys="Escape" onClick={onClose} />
      </header>
      {table.status[row] === StatusCode.error && (
        <div className="dr-error">
          <StatusGlyph status="error" />
          <span className="strong">Error</span>
          <LongText text={table.strings.at(table.statusMessage[row])} />
        </div>
      )}
      <SpanFacts model={model} row={row} />
      <div className="dr-tabs" role="tablist" aria-label="Form">
        <TabButton tab="details" current={tab} onPick={setTab}>
          Details
        </TabButton>
        <TabButton tab="json" current={tab} onPick={setTab}>
          OTLP JSON
        </TabButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled pane must be reachable by keyboard */}
      <div className="dr-body" role="tabpanel" aria-label={tab === 'details' ? 'Details' : 'OTLP JSON'} tabIndex={0}>
        {tab === 'json' ? (
          <RawSpan table={table} row={row} />
        ) : (
          <Details model={model} row={row} needle={look} setNeedle={onLook} onSelect={onSelect} />
        )}
      </div>
    </aside>
  );
}

function TabButton({
  tab,
  current,
  onPick,
  children,
}: {
  tab: DetailsTab;
  current: DetailsTab;
  onPick: (tab: DetailsTab) => void;
  children: ReactNode;
}) {
  const other: DetailsTab = tab === 'details' ? 'json' : 'details';
  return (
    <button
      type="button"
      role="tab"
      aria-selected={tab === current}
      tabIndex={tab === current ? 0 : -1}
      onClick={() => onPick(tab)}
      onKeyDown={event => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
        const { nextElementSibling, previousElementSibling } = event.currentTarget;
        ((nextElementSibling ?? previousElementSibling) as HTMLElement | null)?.focus();
        onPick(other);
      }}
    >
      {children}
    </button>
  );
}

function SpanFacts({ model, row }: { model: WaterfallModel; row: number }) {
  const { table } = model;
  const path = useStore(model.store, state => state.path);
  const durationNs = table.spanDurationNs[row];
  const timed = isTimed(table, row);
  const selfNs = model.work.of(row).sumNs;
  let onPathNs = 0;
  if (path !== undefined) {
    for (let i = 0; i < path.row.length; i++) if (path.row[i] === row) onPathNs += path.toNs[i] - path.fromNs[i];
  }
  const root = traceFacts(table).rootRow;
  const rootNs = root < 0 ? 0 : table.spanDurationNs[root];
  return (
    <dl className="dr-facts">
      <Fact name="Start" exact={exactDurationText(table.startNs[row])}>
        {offsetText(table.startNs[row])}
      </Fact>
      <Fact name="Duration" {...(timed && { exact: exactDurationText(durationNs) })}>
        {timed ? durationText(durationNs) : UNKNOWN}
      </Fact>
      <Fact name="Self" share={durationNs > 0 ? selfNs / durationNs : undefined}>
        {timed ? durationText(selfNs) : UNKNOWN}
      </Fact>
      <Fact name="On critical path" share={rootNs > 0 && onPathNs > 0 ? onPathNs / rootNs : undefined}>
        {path === undefined ? '…' : onPathNs > 0 ? durationText(onPathNs) : '·'}
      </Fact>
    </dl>
  );
}

function Fact({
  name,
  share,
  exact,
  children,
}: {
  name: string;
  share?: number | undefined;
  exact?: string;
  children: ReactNode;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-tip={exact}>
        <b>{children}</b>
        {share !== undefined && <span className="mut"> {formatPercent(share)}</span>}
      </dd>
    </div>
  );
}

function Details({
  model,
  row,
  needle,
  setNeedle,
  onSelect,
}: {
  model: WaterfallModel;
  row: number;
  needle: string;
  setNeedle: (needle: string) => void;
  onSelect: Select;
}) {
  const { table } = model;
  const { config } = useSources();
  const detail = useAsync(useCallback(() => table.details.span(row), [table, row]));
  const span = detail.state === 'done' ? detail.value : undefined;
  const resource = table.resource[row] < 0 ? undefined : table.resources[table.resource[row]];
  const scope = table.scope[row] < 0 ? undefined : table.scopes[table.scope[row]];
  // Letters appear as they are typed; thousands of attributes follow.
  const looked = useDeferredValue(needle);
  const { own, baggage } = useMemo(() => {
    const isBaggage = ({ key }: Attribute): boolean => isBaggageKey(key, config.baggageKeys);
    const attributes = span?.attributes ?? [];
    return {
      own: attributes.filter(attribute => !isBaggage(attribute)),
      baggage: [...attributes, ...(resource?.attributes ?? [])].filter(isBaggage),
    };
  }, [span, resource, config]);
  const ofScope = useMemo<readonly Attribute[]>(
    () =>
      scope === undefined
        ? []
        : [
            { key: 'name', value: { type: 'string', value: scope.name } },
            { key: 'version', value: { type: 'string', value: scope.version } },
            ...scope.attributes,
          ],
    [scope],
  );
  if (detail.state === 'failed')
    return <div className="dr-wait err">The attributes of this span could not be read.</div>;
  if (span === undefined) return <div className="dr-wait">Reading attributes</div>;
  return (
    <>
      <div className="dr-search">
        <div className="field">
          <Icon name="search" className="s14" />
          <input
            type="text"
            aria-label="Search keys and values of this span"
            placeholder="Search keys and values"
            value={needle}
            spellCheck={false}
            onChange={event => setNeedle(event.currentTarget.value)}
            onKeyDown={event => {
              if (event.key === 'Escape' && needle !== '') {
                setNeedle('');
                event.stopPropagation();
              }
            }}
          />
        </div>
      </div>
      <DrawerSection title="Attributes" count={own.length} dropped={table.droppedAttributes[row]}>
        <AttributeList attributes={own} scope="span" needle={looked} />
      </DrawerSection>
      {baggage.length > 0 && (
        <DrawerSection title="Baggage" count={baggage.length}>
          <AttributeList attributes={baggage} scope="baggage" needle={looked} />
          <BaggageTrail model={model} attributes={baggage} />
        </DrawerSection>
      )}
      {(span.events.length > 0 || table.droppedEvents[row] > 0) && (
        <DrawerSection title="Events" count={span.events.length} dropped={table.droppedEvents[row]}>
          <EventList table={table} row={row} events={span.events} needle={looked} />
        </DrawerSection>
      )}
      <LinkList model={model} row={row} links={span.links} onSelect={onSelect} />
      {resource !== undefined && (
        <DrawerSection
          title="Resource"
          count={resource.attributes.length}
          dropped={resource.droppedAttributes}
          note={describeResource(resource.attributes)}
          startsClosed
          isSearched={looked !== ''}
        >
          <AttributeList attributes={resource.attributes} scope="resource" needle={looked} />
        </DrawerSection>
      )}
      {scope !== undefined && (
        <DrawerSection
          title="Scope"
          note={visibleText(cutEnd(`${scope.name} ${scope.version}`.trim(), MOST_NOTE))}
          startsClosed
          isSearched={looked !== ''}
        >
          <AttributeList attributes={ofScope} scope="instrumentation" needle={looked} />
        </DrawerSection>
      )}
      <DrawerSection title="Span">
        <SpanIds model={model} row={row} exactKind={span.kind} exactStatus={span.statusCode} onSelect={onSelect} />
      </DrawerSection>
    </>
  );
}

const MOST_NOTE = 80;

/** Version, instance and host, if the resource says them. */
function describeResource(
  attributes: readonly { readonly key: string; readonly value: { readonly type: string; readonly value?: unknown } }[],
): string {
  return ['service.version', 'k8s.pod.name', 'service.instance.id', 'host.name']
    .map(key => attributes.find(attribute => attribute.key === key)?.value)
    .filter(value => value?.type === 'string')
    .map(value => visibleText(cutEnd(String(value?.value), MOST_NOTE)))
    .slice(0, 3)
    .join(', ');
}
