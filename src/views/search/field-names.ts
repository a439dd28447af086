import { type Filter, type FilterField, type FilterOp, filterFieldKey } from '#domain/search/filter.ts';

/** A field in the reader's words: an optional muted scope and the name. */
export function fieldName(field: FilterField): { readonly scope: string | undefined; readonly name: string } {
  if (field.kind === 'baggage') return { scope: 'baggage', name: field.key };
  if (field.kind === 'attribute') return { scope: field.scope === 'any' ? undefined : field.scope, name: field.key };
  return { scope: undefined, name: field.kind };
}

/** Under which name a source lists the values of a field. Sources without a baggage scope carry it on spans. */
export function tagOf(field: FilterField, hasBaggageScope: boolean): string {
  switch (field.kind) {
    case 'service':
      return 'resource.service.name';
    case 'operation':
      return 'name';
    case 'baggage':
      return `${hasBaggageScope ? 'baggage' : 'span'}.${field.key}`;
    case 'attribute':
      return field.scope === 'any' ? `.${field.key}` : `${field.scope}.${field.key}`;
    default:
      return field.kind;
  }
}

const OP_SIGNS: Readonly<Record<FilterOp, string>> = {
  '=': '=',
  '!=': '≠',
  '=~': 'matches',
  '!~': 'does not match',
  '<': '<',
  '<=': '≤',
  '>': '>',
  '>=': '≥',
  exists: 'exists',
  missing: 'is missing',
};

export function opSign(op: FilterOp): string {
  return OP_SIGNS[op];
}

/** Operators that mean something for a field, the usual first. */
export function opsOf(field: FilterField): readonly FilterOp[] {
  switch (field.kind) {
    case 'status':
    case 'kind':
      return ['=', '!='];
    case 'duration':
      return ['>', '>=', '<', '<='];
    case 'service':
    case 'operation':
      return ['=', '!=', '=~', '!~'];
    case 'baggage':
      return ['=', '!=', '=~', 'exists', 'missing'];
    case 'attribute':
      return ['=', '!=', '=~', '!~', '>', '>=', '<', '<=', 'exists', 'missing'];
  }
}

/** A chip as one sentence, for names of buttons: `service = payment or checkout, paused`. */
export function chipText(chip: Filter): string {
  const { scope, name } = fieldName(chip.field);
  const values = chip.values.map(value => value.value).join(chip.op === '!=' ? ' and ' : ' or ');
  const text = [scope, name, opSign(chip.op), values].filter(part => part !== undefined && part !== '').join(' ');
  return chip.paused ? `${text}, paused` : text;
}

export function sameField(a: FilterField, b: FilterField): boolean {
  return filterFieldKey(a) === filterFieldKey(b);
}
