/** Part of a stack trace: lines of the application itself, or a run of frames from libraries. */
export interface StackPart {
  readonly library: boolean;
  readonly lines: readonly string[];
}

/** Frames that are not the reader's own code, by how the common runtimes print them. */
const LIBRARY =
  /node_modules[\\/]|\(node:|at node:|\bnode:internal|^\s*at (?:java|javax|jdk|sun|kotlin|scala|org\.springframework|org\.apache|io\.netty|io\.grpc|reactor|com\.sun|System|Microsoft)\.|site-packages[\\/]|dist-packages[\\/]|[\\/]lib[\\/]python\d|<frozen |\/usr\/local\/go\/src\/|[\\/]go[\\/]pkg[\\/]mod[\\/]|[\\/]gems[\\/]|[\\/]rustc[\\/]|[\\/]\.cargo[\\/]|vendor[\\/]/;
const FRAME = /^\s*(?:at |File "|#\d+ |\d+: |from |\.\.\. \d+ more)|^\t|\.go:\d+/;
/** Runs this short are not worth folding. */
const FOLD_FROM = 3;

/** Splits a stack trace so that library frames can be folded. Lines that are no frames (messages, causes) stay shown. */
export function stackParts(text: string): readonly StackPart[] {
  const parts: { library: boolean; lines: string[] }[] = [];
  for (const line of text.replace(/\s+$/, '').split(/\r?\n/)) {
    const library = FRAME.test(line) && LIBRARY.test(line);
    const last = parts.at(-1);
    if (last !== undefined && last.library === library) last.lines.push(line);
    else parts.push({ library, lines: [line] });
  }
  const folded: { library: boolean; lines: string[] }[] = [];
  for (const part of parts) {
    const library = part.library && part.lines.length >= FOLD_FROM;
    const last = folded.at(-1);
    if (last !== undefined && last.library === library && !library) last.lines.push(...part.lines.slice(0, MOST_LINES));
    else folded.push({ library, lines: part.lines.slice(0, MOST_LINES) });
  }
  return folded;
}

/** No trace of use is longer; the whole of it can be copied. */
const MOST_LINES = 2000;
