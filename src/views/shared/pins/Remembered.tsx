import type { ReactNode } from 'react';

/** What a link or a pin still tells of a trace that is not there. */
export function Remembered({
  label,
  rows,
}: {
  label: string;
  rows: readonly (readonly [key: string, value: ReactNode])[];
}) {
  return (
    <>
      <h3 className="state-facts-title">{label}</h3>
      <table className="state-facts" aria-label={label}>
        <tbody>
          {rows.map(([key, value]) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
