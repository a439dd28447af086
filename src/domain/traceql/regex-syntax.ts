/**
 * Why a regular expression is not RE2 (what Tempo and the store run, always anchored); undefined if it looks right.
 * Catches what people really write wrong: brackets, dangling quantifiers, Perl features that RE2 lacks. Linear.
 */
export function regexError(pattern: string): string | undefined {
  let depth = 0;
  /** The last thing can be repeated; a quantifier after a quantifier cannot. */
  let atom = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === '\\') {
      const next = pattern[i + 1];
      if (next === undefined) return 'trailing backslash at end of expression';
      if (next === 'Q') {
        const end = pattern.indexOf('\\E', i + 2);
        i = end === -1 ? pattern.length : end + 1;
        atom = true;
        continue;
      }
      if (/[1-9]/.test(next)) return `invalid escape sequence: \\${next} (RE2 has no back references)`;
      if (/[a-zA-Z]/.test(next) && !/[AabBCdDfnpPrsStvwWxz]/.test(next)) return `invalid escape sequence: \\${next}`;
      i++;
      if ((next === 'p' || next === 'P' || next === 'x') && pattern[i + 1] === '{') {
        const end = pattern.indexOf('}', i);
        if (end === -1) return `invalid escape sequence: \\${next}{`;
        i = end;
      }
      atom = true;
    } else if (c === '[') {
      const end = classEnd(pattern, i);
      if (end === undefined) return 'missing closing ]';
      i = end;
      atom = true;
    } else if (c === '(') {
      depth++;
      atom = false;
      if (pattern[i + 1] === '?') {
        const group = /\?(?:P?<[A-Za-z_]\w*>|[imsU]*(?:-[imsU]+)?(?::|(?=\))))/y;
        group.lastIndex = i + 1;
        const head = group.exec(pattern);
        if (head === null) return `invalid or unsupported Perl syntax: ${pattern.slice(i, i + 4)}`;
        i += head[0].length;
      }
    } else if (c === ')') {
      if (depth === 0) return 'unexpected )';
      depth--;
      atom = true;
    } else if (c === '|' || c === '^') {
      atom = false;
    } else if (c === '*' || c === '+' || c === '?' || repeats(pattern, i)) {
      if (!atom) return `missing argument to repetition operator: ${c}`;
      if (c === '{') {
        const counts = REPEAT_COUNT.exec(pattern) as RegExpExecArray;
        const [least, most] = [Number(counts[1]), Number(counts[2] || counts[1])];
        if (least > 1000 || most > 1000 || most < least) return `invalid repeat count: ${counts[0].slice(0, 20)}`;
        i += counts[0].length - 1;
      }
      if (pattern[i + 1] === '?') i++;
      atom = false;
    } else atom = true;
  }
  return depth > 0 ? 'missing closing )' : undefined;
}

const REPEAT_COUNT = /\{(\d+)(?:,(\d*))?\}/y;

function repeats(pattern: string, at: number): boolean {
  if (pattern[at] !== '{') return false;
  REPEAT_COUNT.lastIndex = at;
  const found = REPEAT_COUNT.test(pattern);
  REPEAT_COUNT.lastIndex = at;
  return found;
}

/** `[:alpha:]`, `[:^alpha:]` */
const CLASS_NAME = /^\[:\^?[a-z]+:\]/;
const LONGEST_CLASS_NAME = 12;

/** Index of the ] that closes the class opened at `open`. */
function classEnd(pattern: string, open: number): number | undefined {
  let i = open + 1;
  if (pattern[i] === '^') i++;
  // A ] in first place is a member.
  if (pattern[i] === ']') i++;
  for (; i < pattern.length; i++) {
    if (pattern[i] === '\\') i++;
    else if (pattern[i] === '[' && pattern[i + 1] === ':') {
      const name = CLASS_NAME.exec(pattern.slice(i, i + LONGEST_CLASS_NAME));
      if (name !== null) i += name[0].length - 1;
    } else if (pattern[i] === ']') return i;
  }
  return undefined;
}
