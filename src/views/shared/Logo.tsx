/** Three bars and the one line through them. */
export function Logo() {
  return (
    <svg className="logo" viewBox="0 0 22 18" aria-hidden="true">
      <g className="logo-bars">
        <rect x="1" y="1.5" width="11" height="3" rx="1" />
        <rect x="6" y="7.5" width="9" height="3" rx="1" />
        <rect x="11" y="13.5" width="10" height="3" rx="1" />
      </g>
      <path className="logo-line" d="M1 3h8.5v6h5v6H21" />
    </svg>
  );
}
