import { useUrl } from '#state/url/use-url.ts';
import { Icon } from '#views/shared/Icon.tsx';
import { BASELINE_WORDS } from './baselines.ts';

/** What the marks mean; closed at first where it would cover the picture. */
export function Legend({ isOpen }: { isOpen: boolean }) {
  const { than } = useUrl();
  return (
    <details className="sg-legend" open={isOpen}>
      <summary>
        Legend <Icon name="down" className="s12" />
      </summary>
      <dl>
        <dt>
          <svg width="60" height="12" aria-hidden="true">
            <path className="sg-key" d="M0 6H26" strokeWidth="1.4" />
            <path className="sg-key" d="M32 6H60" strokeWidth="7" />
          </svg>
        </dt>
        <dd>width: calls a second</dd>
        <dt>
          <svg width="60" height="12" aria-hidden="true">
            <path className="sg-key" d="M0 6H18" strokeWidth="4" />
            <path className="sg-key sg-some" d="M21 6H39" strokeWidth="4" />
            <path className="sg-key sg-many" d="M42 6H60" strokeWidth="4" />
          </svg>
        </dt>
        <dd>colour: errors, 0 to 12 % and over</dd>
        <dt>
          <svg width="60" height="12" aria-hidden="true">
            <path className="sg-key" d="M0 6H60" strokeWidth="3" strokeDasharray="6 4" />
          </svg>
        </dt>
        <dd>dashed: asynchronous</dd>
        <dt>
          <svg width="60" height="12" aria-hidden="true">
            <path className="sg-key" d="M0 6H26M34 6H60" strokeWidth="3" />
            <path className="sg-key-cut" d="M26 11l3 -10M31 11l3 -10" strokeWidth="1.5" />
          </svg>
        </dt>
        <dd>cut: seen from the caller alone</dd>
        <dt>
          <svg width="60" height="14" aria-hidden="true">
            <circle className="sg-key-track" cx="10" cy="7" r="5.2" strokeWidth="2.5" />
            <circle
              className="sg-key sg-many"
              cx="10"
              cy="7"
              r="5.2"
              strokeWidth="2.5"
              strokeDasharray="6 40"
              transform="rotate(-90 10 7)"
            />
          </svg>
        </dt>
        <dd>ring: share of failed calls</dd>
        {than !== 'nothing' && (
          <>
            <dt>
              <svg width="60" height="12" aria-hidden="true">
                <rect className="sg-key-badge" x=".5" y=".5" width="30" height="11" rx="5.5" />
                <path className="sg-key-triangle" d="M12 9l3-5.4 3 5.4z" />
              </svg>
            </dt>
            <dd>changed against {BASELINE_WORDS[than]}</dd>
          </>
        )}
      </dl>
      <p>under the name: calls · p95 · errors</p>
    </details>
  );
}
