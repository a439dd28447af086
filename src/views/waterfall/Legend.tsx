/** What the marks of the timeline mean. Colours stand for services; the sample uses one of them. */
export function Legend() {
  return (
    <ul className="wf-legend" aria-label="Legend">
      <li>
        <svg width="22" height="10" aria-hidden="true">
          <rect y="1" width="22" height="8" rx="1" style={{ fill: 'var(--svc-2)' }} />
        </svg>
        working
      </li>
      <li>
        <svg width="22" height="10" aria-hidden="true">
          <rect
            y="1"
            width="22"
            height="8"
            rx="1"
            style={{ fill: 'color-mix(in oklab, var(--svc-2) var(--wait-mix), var(--surface))' }}
          />
        </svg>
        waiting on children
      </li>
      <li>
        <svg width="22" height="10" aria-hidden="true">
          <path d="M0 9 8 1M6 9l8-8M12 9l8-8M18 9l4-4" style={{ stroke: 'var(--glyph)', strokeWidth: 1.4 }} />
        </svg>
        queued
      </li>
      <li>
        <svg width="22" height="10" aria-hidden="true">
          <path d="M0 5H22" style={{ stroke: 'var(--path)', strokeWidth: 2.25 }} />
        </svg>
        critical path
      </li>
      <li>
        <svg width="22" height="10" aria-hidden="true">
          <path d="M11 0l5 5-5 5-5-5z" style={{ fill: 'var(--error)' }} />
        </svg>
        error
      </li>
      <li>
        <svg width="22" height="10" aria-hidden="true">
          <path d="M11 1v8" style={{ stroke: 'var(--ink)', strokeWidth: 1.5 }} />
        </svg>
        event
      </li>
    </ul>
  );
}
