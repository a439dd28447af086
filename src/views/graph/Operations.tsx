import { useState } from 'react';
import type { CallsAnswer } from '#domain/api/graph-api.ts';
import { formatCount, formatPercent } from '#domain/format/number.ts';
import { visibleText } from '#domain/format/text.ts';
import { Button } from '#views/shared/Button.tsx';
import { DurationText } from '#views/shared/DurationText.tsx';

const FIRST = 5;

/** The operations that take the calls, the busiest first. */
export function Operations({ answer }: { answer: CallsAnswer }) {
  const [showsAll, setShowsAll] = useState(false);
  const { operations, otherOperations } = answer;
  if (operations.length === 0) return null;
  const shown = showsAll ? operations : operations.slice(0, FIRST);
  return (
    <section className="sg-section">
      <header>
        <h3>Operations</h3>
        <span className="mut">
          {shown.length} of {formatCount(operations.length + otherOperations)}
        </span>
      </header>
      <table className="sg-operations" aria-label="Operations">
        <thead>
          <tr>
            <th scope="col">
              <span className="vh">operation</span>
            </th>
            <th scope="col">calls</th>
            <th scope="col">p95</th>
            <th scope="col">errors</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name, calls, errors, p95Ns }) => (
            <tr key={name}>
              <th scope="row" className="ell" data-tip={visibleText(name)}>
                {visibleText(name) || 'no operation name'}
              </th>
              <td className="sec">{formatCount(calls)}</td>
              <td>
                <DurationText ns={p95Ns} />
              </td>
              <td className={errors > 0 ? 'err' : 'mut'}>{errors > 0 ? formatPercent(errors / calls) : '·'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < operations.length && (
        <Button kind="quiet" onClick={() => setShowsAll(true)}>
          Show {operations.length - shown.length} more operations
        </Button>
      )}
    </section>
  );
}
