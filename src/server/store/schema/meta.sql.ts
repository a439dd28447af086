import { pinsSql } from './pins.sql.ts';

/** Versions 2 to 4 kept the ids of pinned traces in it; opening the store makes pins of them (`pins/adopt-pins.ts`). */
const pinnedSql = 'create table if not exists pinned (trace_id uhugeint not null, at_unix_ms bigint not null);';

/**
 * Store-wide tables. `segments`: figures of an open segment (closed_unix_ms NULL) are recomputed at start; `promoted` names
 * the keys of its p_0, p_1, … columns; `place` orders segments by arrival: the id that its spans first had, which a compacted
 * segment (compacted_unix_ms not NULL) keeps under a new id. `pruned`: what retention dropped, when and why ('age', 'size'; NULL before version 3),
 * for links that still point there.
 */
export const metaSql = `
create table if not exists schema_meta (key varchar not null, value varchar not null);
create table if not exists segments (
  id integer not null,
  origin varchar not null,
  opened_unix_ms bigint not null,
  closed_unix_ms bigint,
  min_start_ns bigint not null,
  max_end_ns bigint not null,
  span_count bigint not null,
  promoted varchar[] not null,
  place integer,
  compacted_unix_ms bigint
);
create table if not exists pruned (
  segment integer not null,
  from_ns bigint not null,
  to_ns bigint not null,
  span_count bigint not null,
  at_unix_ms bigint not null,
  reason varchar
);
${pinsSql}
create table if not exists service_slots (service varchar not null, slot integer not null);
`;

/** What makes a database of the version of the key one of the next. Runs in one transaction. */
export const migrations: Readonly<Record<string, string>> = {
  '1': pinnedSql,
  '2': 'alter table pruned add column if not exists reason varchar',
  '3': `alter table segments add column if not exists place integer;
alter table segments add column if not exists compacted_unix_ms bigint;
update segments set place = id;`,
  '4': pinsSql,
  // Blocks are packed otherwise from then on; those that are there stay as they are and readable.
  '5': '',
};
