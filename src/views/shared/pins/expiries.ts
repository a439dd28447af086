/** How long a pin may be kept; undefined: until somebody removes it. */
export const EXPIRIES: readonly { readonly days: number | undefined; readonly text: string }[] = [
  { days: undefined, text: 'Until it is removed' },
  { days: 7, text: '7 days from now' },
  { days: 30, text: '30 days from now' },
  { days: 90, text: '90 days from now' },
  { days: 365, text: 'A year from now' },
];
