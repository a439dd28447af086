/** The colour of a service's slot (0 to 11) as CSS; any other number is the shared grey. */
export function serviceColour(slot: number): string {
  return slot >= 0 && slot < 12 ? `var(--svc-${slot + 1})` : 'var(--svc-other)';
}
