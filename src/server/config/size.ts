const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** `1GiB`, `500MB`, `1048576` → bytes; undefined for anything else. */
export function parseSizeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(KB|MB|GB|KiB|MiB|GiB)?$/.exec(text);
  return match === null ? undefined : Math.round(Number(match[1]) * unitBytes[match[2] ?? '']);
}
