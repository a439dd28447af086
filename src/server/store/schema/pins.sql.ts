/**
 * Since version 5. `pins`: one row per pin, also of those that are gone (gone_unix_ms not NULL), whose text is emptied.
 * `pin_parts`: the OTLP of the trace, brotli, in order of `part`. `is_stored`: the trace is the embedded store's, so that
 * retention keeps its spans, too, and they stay searchable. `states`: URL states too long for a link, by hash.
 */
export const pinsSql = `
create table if not exists pins (
  id varchar not null,
  trace_id uhugeint not null,
  is_stored boolean not null,
  source varchar not null,
  source_name varchar not null,
  view_path varchar not null,
  view_search varchar not null,
  note varchar not null,
  by_name varchar not null,
  at_unix_ms bigint not null,
  expires_unix_ms bigint,
  bytes bigint not null,
  root_name varchar not null,
  root_service varchar not null,
  start_ns ubigint not null,
  duration_ns double not null,
  span_count bigint not null,
  service_count bigint not null,
  error_count bigint not null,
  gone_unix_ms bigint,
  gone_reason varchar
);
create table if not exists pin_parts (pin varchar not null, part integer not null, bytes blob not null);
create table if not exists states (id varchar not null, text varchar not null, stored_unix_ms bigint not null);
`;
