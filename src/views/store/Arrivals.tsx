import type { IngestFigures } from '#domain/api/store-api.ts';
import { formatCount, formatCountCell } from '#domain/format/number.ts';
import { Section } from './Section.tsx';
import { reasonText } from './texts.ts';
import '#views/shared/data-table.css';

/** What became of what arrived: it adds up, and refusals have their reason. */
export function Arrivals({ ingest }: { ingest: IngestFigures }) {
  const rejected = Object.entries(ingest.spansRejected);
  const copies = [
    ['Left out of replies, at each read', ingest.copiesLeftOut],
    ['Dropped for good by compaction', ingest.copiesCompacted],
  ] as const;
  const refused = Object.entries(ingest.requestsRefused).filter(([, count]) => count > 0);
  return (
    <Section
      title="What arrived"
      lead={`Received ${formatCount(ingest.spansReceived)} spans since the start; each is one of these.`}
    >
      <table className="data-table narrow" aria-label="What became of the spans">
        <thead>
          <tr>
            <th scope="col">Spans</th>
            <th scope="col" className="num">
              count
            </th>
          </tr>
        </thead>
        <tbody>
          <Line name="Committed" count={ingest.spansCommitted} />
          <Line name="Deduplicated before the commit" count={ingest.spansDeduplicated} />
          {rejected.length === 0 && <Line name="Rejected" count={0} />}
          {rejected.map(([reason, count]) => (
            <Line key={reason} name={`Rejected: ${reasonText(reason)}`} count={count} isBad />
          ))}
        </tbody>
      </table>
      <table className="data-table narrow" aria-label="Copies of spans">
        <thead>
          <tr>
            <th
              scope="col"
              data-tip="What a sender repeats is committed again: identical copies are told apart when a trace is read, not on the way in"
            >
              Identical copies of spans
            </th>
            <th scope="col" className="num">
              count
            </th>
          </tr>
        </thead>
        <tbody>
          {copies.map(([name, count]) => (
            <Line key={name} name={name} count={count} />
          ))}
        </tbody>
      </table>
      {refused.length > 0 && (
        <table className="data-table narrow" aria-label="Requests refused as a whole">
          <thead>
            <tr>
              <th scope="col">Requests refused as a whole</th>
              <th scope="col" className="num">
                count
              </th>
            </tr>
          </thead>
          <tbody>
            {refused.map(([reason, count]) => (
              <Line key={reason} name={reasonText(reason)} count={count} isBad />
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Line({ name, count, isBad = false }: { name: string; count: number; isBad?: boolean }) {
  return (
    <tr>
      <td>{name}</td>
      <td className={`num ${isBad ? 'err' : ''}`}>{formatCountCell(count)}</td>
    </tr>
  );
}
