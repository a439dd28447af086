import type { AttributeVolume, ServiceVolume, StoreVolume } from '#domain/api/store-api.ts';
import { formatBytes, formatCount, formatPercent } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { describeError } from '#state/describe-error.ts';
import { useFollow } from '#state/url/use-follow.ts';
import { useHref } from '#state/url/use-url.ts';
import { ServiceKey } from '#views/shared/ServiceKey.tsx';
import { type Column, SortableTable } from '#views/shared/SortableTable.tsx';
import { Section } from './Section.tsx';

const BY_BYTES = { key: 'bytes', isDescending: true } as const;

/** Where the volume comes from: the services and attributes that weigh most. */
export function Volume({
  volume,
  error,
  isEmpty,
}: {
  volume: StoreVolume | undefined;
  error: unknown;
  isEmpty: boolean;
}) {
  if (isEmpty) return null;
  return (
    <Section
      title="Where the volume comes from"
      lead={volume === undefined || volume.services.length === 0 ? undefined : leadOf(volume)}
    >
      {volume === undefined ? (
        <p className="sec t12" role="status">
          {error === null
            ? 'Weighing services and attributes'
            : `${describeError(error).title}. It is asked again in a minute.`}
        </p>
      ) : volume.services.length === 0 ? (
        <p className="sec t12">None of the stored spans can be read.</p>
      ) : (
        <div className="store-columns">
          <Services services={volume.services} />
          <SortableTable
            label="Attributes by bytes"
            rows={volume.attributes}
            rowKey={({ scope, key }) => `${scope} ${key}`}
            columns={ATTRIBUTE_COLUMNS}
            first={BY_BYTES}
          />
        </div>
      )}
    </Section>
  );
}

function leadOf({ spans, sampledSpans }: StoreVolume): string {
  const attributes =
    sampledSpans === spans
      ? 'attributes by keys and values as text, over all spans.'
      : `attributes by keys and values as text, estimated from ${formatCount(sampledSpans)} of ${formatCount(spans)} spans.`;
  return `Bytes as they arrived, before compression: services by their span messages, exact; ${attributes}`;
}

function Services({ services }: { services: readonly ServiceVolume[] }) {
  const href = useHref();
  const follow = useFollow();
  const total = services.reduce((sum, { bytes }) => sum + bytes, 0);
  const columns: readonly Column<ServiceVolume>[] = [
    {
      key: 'service',
      title: 'Service',
      value: ({ service }) => service,
      cell: ({ service }) =>
        service === '' ? (
          <span className="mut">no service.name</span>
        ) : (
          <a
            className="store-service"
            href={href({
              page: { name: 'explore' },
              q: `{ resource.service.name = ${JSON.stringify(service)} }`,
            })}
            onClick={follow}
          >
            <ServiceKey service={service} />
            <span className="ell">{visibleText(service)}</span>
          </a>
        ),
    },
    {
      key: 'spans',
      title: 'Spans',
      isNumber: true,
      value: ({ spans }) => spans,
      cell: ({ spans }) => formatCount(spans),
    },
    {
      key: 'per-span',
      title: 'Per span',
      isNumber: true,
      value: ({ spans, bytes }) => (spans === 0 ? undefined : bytes / spans),
      cell: ({ spans, bytes }) => formatBytes(spans === 0 ? Number.NaN : bytes / spans),
    },
    {
      key: 'bytes',
      title: 'Bytes',
      isNumber: true,
      value: ({ bytes }) => bytes,
      cell: ({ bytes }) => formatBytes(bytes),
    },
    {
      key: 'share',
      title: 'Share',
      isNumber: true,
      tip: 'Of the services listed',
      value: ({ bytes }) => bytes,
      cell: ({ bytes }) => formatPercent(bytes / total),
    },
  ];
  return (
    <SortableTable
      label="Services by bytes"
      rows={services}
      rowKey={({ service }) => service}
      columns={columns}
      first={BY_BYTES}
    />
  );
}

const ATTRIBUTE_COLUMNS: readonly Column<AttributeVolume>[] = [
  {
    key: 'key',
    title: 'Attribute',
    value: ({ key }) => key,
    cell: ({ scope, key }) => (
      <span className="store-attribute">
        <span className="mut">{scope}</span> {visibleText(key)}
      </span>
    ),
  },
  {
    key: 'count',
    title: 'Set',
    isNumber: true,
    tip: 'How often it is set',
    value: ({ count }) => count,
    cell: ({ count }) => formatCount(count),
  },
  {
    key: 'each',
    title: 'Each',
    isNumber: true,
    tip: 'Key and value, on average',
    value: ({ bytes, count }) => (count === 0 ? undefined : bytes / count),
    cell: ({ bytes, count }) => formatBytes(count === 0 ? Number.NaN : bytes / count),
  },
  {
    key: 'bytes',
    title: 'Bytes',
    isNumber: true,
    value: ({ bytes }) => bytes,
    cell: ({ bytes }) => formatBytes(bytes),
  },
];
