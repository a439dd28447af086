/** A text that is about to be shared, and where it stands. */
export interface SharedText {
  /** For the reader: `the query`, `baggage user.id`. */
  readonly where: string;
  /** Of an attribute or a condition; '' where there is none. */
  readonly key: string;
  readonly text: string;
}

export type SensitiveKind = 'secret' | 'person';

export interface Sensitive {
  readonly where: string;
  readonly kind: SensitiveKind;
  /** What it looks like: `a bearer token`. */
  readonly what: string;
}

const SECRET_KEY =
  /(^|[._-])(pass(word|wd|phrase)?|secret|token|api[_-]?key|auth(orization)?|cookie|credentials?|private[_-]?key)($|[._-])/i;
const PERSON_KEY =
  /(^|[._-])(e?mail|phone|mobile|address|birth(day|date)?|ssn|iban|full[_-]?name|first[_-]?name|last[_-]?name)($|[._-])/i;

/** Of one text. */
const MOST_CHARACTERS = 4096;

/** Each pattern looks at a bounded stretch only: no text makes it slow. */
const PATTERNS: readonly {
  readonly kind: SensitiveKind;
  readonly what: string;
  readonly found: (text: string) => boolean;
}[] = [
  { kind: 'secret', what: 'a bearer token', found: text => /\b(bearer|basic)\s+[\w.+/=~-]{8}/i.test(text) },
  { kind: 'secret', what: 'a JSON Web Token', found: text => /\beyJ[\w-]{8,4096}\.[\w-]{8}/.test(text) },
  { kind: 'secret', what: 'a private key', found: text => text.includes('PRIVATE KEY-----') },
  {
    kind: 'secret',
    what: 'an access key',
    found: text =>
      /\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_\w{20}|\bxox[abprs]-[\w-]{10}|\bsk[-_](live|test|proj)[-_]\w{8}/.test(
        text,
      ),
  },
  { kind: 'secret', what: 'a password in an address', found: text => /:\/\/[^\s/:@]{1,64}:[^\s/@]{1,128}@/.test(text) },
  { kind: 'person', what: 'an e-mail address', found: text => /[\w.+-]{1,64}@[\w-]{1,63}\.[a-z]{2}/i.test(text) },
  { kind: 'person', what: 'a card number', found: hasCardNumber },
  { kind: 'person', what: 'a phone number', found: text => /(^|[^\w+])\+\d[\d ()-]{8,18}\d(?!\w)/.test(text) },
  {
    kind: 'person',
    what: 'an account number (IBAN)',
    found: text => /\b[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){3,7}( ?[A-Z0-9]{1,3})?\b/.test(text),
  },
];

/**
 * What looks like a secret or like a person's data, once for each place and kind of thing, in their order. A guess by form
 * and by name: what is not told may still be sensitive.
 */
export function findSensitive(texts: Iterable<SharedText>): readonly Sensitive[] {
  const found = new Map<string, Sensitive>();
  const add = (where: string, kind: SensitiveKind, what: string) => {
    const key = `${where}\n${what}`;
    if (!found.has(key)) found.set(key, { where, kind, what });
  };
  for (const { where, key, text: whole } of texts) {
    const text = whole.slice(0, MOST_CHARACTERS);
    if (text.trim() === '') continue;
    for (const { kind, what, found: isFound } of PATTERNS) if (isFound(text)) add(where, kind, what);
    if (SECRET_KEY.test(key)) add(where, 'secret', `a value called ${key}`);
    else if (PERSON_KEY.test(key)) add(where, 'person', `a value called ${key}`);
  }
  return [...found.values()];
}

/** 13 to 19 digits, by themselves or in groups, whose check digit is right. */
function hasCardNumber(text: string): boolean {
  for (const [digits] of text.matchAll(/(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])/g)) if (isLuhn(digits)) return true;
  return false;
}

function isLuhn(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
