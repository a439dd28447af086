import type { CompareOp, OrderOp, Static } from '#domain/traceql/ast.ts';
import { AttrType } from '#server/store/schema/segment-table.ts';
import { type SqlBuilder, sqlDouble, sqlInt } from './sql-params.ts';

const SQL_OPS: Readonly<Record<OrderOp, string>> = { '=': '=', '!=': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

/** A text column against a constant; `false` where the types do not compare. */
export function textSql(column: string, op: CompareOp, value: Static, sql: SqlBuilder): string {
  if (value.type !== 'string') return 'false';
  const text = sql.text(value.value);
  if (op === '=~') return `regexp_full_match(${column}, ${text})`;
  if (op === '!~') return `(not regexp_full_match(${column}, ${text}))`;
  return `${column} ${SQL_OPS[op]} ${text}`;
}

/** An integer column against a constant number, by value. */
export function numberSql(column: string, op: CompareOp, value: Static): string {
  const number = numberOf(value);
  if (number === undefined || op === '=~' || op === '!~') return 'false';
  const constant = typeof number === 'bigint' ? sqlInt(number) : sqlDouble(number);
  return `${column} ${SQL_OPS[op]} ${constant}`;
}

function numberOf(value: Static): bigint | number | undefined {
  if (value.type === 'duration') return value.ns;
  return value.type === 'int' || value.type === 'float' ? value.value : undefined;
}

/**
 * Which rows of `attr_values` hold a value that compares with the constant. Types must agree (ints and floats by value); of
 * an array any element must, for `!=` and `!~` none of them.
 */
export function valueSql(op: CompareOp, value: Static, sql: SqlBuilder): string {
  switch (value.type) {
    case 'nil':
      return `type <> ${AttrType.empty}`;
    case 'string': {
      const none = op === '!=' || op === '!~';
      const element = textSql('x', op === '!=' ? '=' : op === '!~' ? '=~' : op, value, sql);
      return `(type = ${AttrType.string} and ${textSql('str', op, value, sql)}) or ${listSql('strs', element, none)}`;
    }
    case 'bool':
      if (op !== '=' && op !== '!=') return 'false';
      return `type = ${AttrType.bool} and num ${SQL_OPS[op]} ${value.value ? 1 : 0}`;
    case 'int':
    case 'float':
    case 'duration': {
      if (op === '=~' || op === '!~') return 'false';
      const number = numberOf(value) ?? 0;
      // Ints compare exactly with an int; with a float, by their nearest double.
      const int = typeof number === 'bigint' ? numberSql('int', op, value) : `num ${SQL_OPS[op]} ${sqlDouble(number)}`;
      const float = `num ${SQL_OPS[op]} ${sqlDouble(Number(number))}`;
      const element = `x ${SQL_OPS[op === '!=' ? '=' : op]} ${sqlDouble(Number(number))}`;
      const scalar = `(type = ${AttrType.int} and ${int}) or (type = ${AttrType.double} and ${float})`;
      return `${scalar} or ${listSql('nums', element, op === '!=')}`;
    }
    case 'status':
    case 'kind':
      return 'false';
  }
}

function listSql(column: string, element: string, none: boolean): string {
  const hits = `len(list_filter(${column}, lambda x: ${element}))`;
  return `(type = ${AttrType.list} and len(${column}) > 0 and ${hits} ${none ? '=' : '>'} 0)`;
}
