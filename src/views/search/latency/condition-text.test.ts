import { describe, expect, it } from 'vitest';
import { EVERYTHING } from '#domain/search/filters.ts';
import { withCondition } from '#views/search/with-condition.ts';
import { type Condition, conditionText, pairCondition } from './condition-text.ts';

const version: Condition = {
  field: 'resource.service.version',
  operator: '=',
  value: { type: 'string', value: '2.3 "b"' },
};
const tenant: Condition = { field: 'baggage.tenant.id', operator: '=', value: { type: 'string', value: 'acme' } };
const rows: Condition = { field: 'span.db.rows', operator: '>=', value: { type: 'int', value: '1200' } };
const status: Condition = { field: 'status', operator: '=', value: { type: 'keyword', value: 'error' } };
const event: Condition = { field: 'event:name', operator: '!=', value: { type: 'string', value: 'retry}' } };

describe('conditions of a difference as TraceQL', () => {
  it('says values as their field wants them', () => {
    expect([version, tenant, rows, status, event].map(conditionText)).toEqual([
      'resource.service.version = "2.3 \\"b\\""',
      'baggage.tenant.id = "acme"',
      'span.db.rows >= 1200',
      'status = error',
      'event:name != "retry}"',
    ]);
  });

  it('asks for two together, or leaves out what is both', () => {
    const both = pairCondition([tenant, rows]);
    expect(withCondition(EVERYTHING, both)).toBe('{ baggage.tenant.id = "acme" && span.db.rows >= 1200 }');
    expect(withCondition('{ status = error }', `!(${both})`)).toBe(
      '{ status = error && !(baggage.tenant.id = "acme" && span.db.rows >= 1200) }',
    );
  });
});
