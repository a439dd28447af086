import type { SelfCheckReport } from '#domain/api/store-api.ts';
import { durationText } from '#domain/format/duration.ts';
import { UNKNOWN } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { formatInstant } from '#domain/time/clock.ts';
import { useZone } from '#state/use-store.ts';
import { StatusGlyph } from '#views/shared/StatusGlyph.tsx';
import { Section } from './Section.tsx';
import { verdictText } from './texts.ts';
import '#views/shared/data-table.css';

const LEAD =
  'Known traces go in through OTLP, in both encodings, and are read back by id, by search and as metrics. They stay, under the service throughline-selfcheck.';
const MOST_FOUND = 5;

export interface SelfCheckView {
  readonly last: SelfCheckReport | undefined;
  readonly isRunning: boolean;
  readonly error: Error | null;
}

/** The last check of the whole way through the server, with its date. */
export function SelfCheckResult({ check: { last, isRunning, error } }: { check: SelfCheckView }) {
  return (
    <Section title="Self-check" lead={LEAD}>
      <div aria-busy={isRunning}>
        {error !== null && <p className="err t12">{error.message}</p>}
        {last === undefined ? (
          <p className="sec t12">{isRunning ? 'The first one is under way.' : 'None has been run yet.'}</p>
        ) : (
          <Report report={last} />
        )}
      </div>
    </Section>
  );
}

function Report({ report }: { report: SelfCheckReport }) {
  const zone = useZone();
  const isGood = report.verdict === 'right' || report.verdict === 'late';
  return (
    <>
      <p className="store-verdict">
        <StatusGlyph status={isGood ? 'ok' : 'error'} />
        <b className="strong">{verdictText(report)}</b>
        <span className="mut t12">{formatInstant(BigInt(report.atUnixMs) * 1_000_000n, zone, 'full')}</span>
      </p>
      {report.error !== undefined && <p className="err t12">{visibleText(report.error)}</p>}
      {report.steps.length > 0 && (
        <table className="data-table narrow store-steps" aria-label="Steps of the self-check">
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Result</th>
              <th scope="col" className="num">
                after
              </th>
            </tr>
          </thead>
          <tbody>
            {report.steps.map(({ name, state, found, ms }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>
                  <span className={state === 'missing' || state === 'wrong' ? 'err' : ''}>
                    {state === 'absent' ? 'not served' : state}
                  </span>
                  {found.slice(0, MOST_FOUND).map(sentence => (
                    <p key={sentence} className="sec">
                      {visibleText(sentence)}
                    </p>
                  ))}
                  {found.length > MOST_FOUND && <p className="mut">and {found.length - MOST_FOUND} more</p>}
                </td>
                <td className="num">{state === 'absent' ? UNKNOWN : durationText(ms * 1e6)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
