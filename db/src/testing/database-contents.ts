import type { Database } from '../database.ts'

/** Writes rows, and makes every kind of change that a test may make to a reused database. */
export async function fill(one: Database): Promise<void> {
  await one.query(`insert into sites (code, name, time_zone, sample) values ('a', '{}', 'UTC', false)`)
  await one.query(`insert into quarantine (site, sender, code, message, raw)
    select 'a', 'test', 'invalid_field', 'not read', n::text from generate_series(1, 99) n`)
  await one.query(`insert into events (site, source, id, origin, type, order_id, occurred_at, data, content_hash)
    values ('a', 'erp', '1', 'test', 'order.placed', 'SO-1', now(), '{}', '')`)
  await one.query('analyze')
  await one.query('delete from events')
  await one.query(`select nextval('events_position_seq'), setval('jobs_id_seq', 70)`)
  await one.query(`update reader_seals set secret = 'other'`)
  await one.query('delete from drizzle.__drizzle_migrations')
  await one.query('do $$ begin perform 1; end $$')
  await one.query('create temporary table passing (id int)')
}

/** Rows, sequences and definitions. */
export async function databaseContents(
  one: Database,
): Promise<{ rows: Record<string, unknown[]>; [part: string]: unknown }> {
  const tables = await one.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class where relkind = 'r' and oid >= 16384 order by 1`,
  )
  const rows: Record<string, unknown[]> = {}
  for (const { name } of tables) rows[name] = await one.query(`select r::text from ${name} r order by 1`)
  return {
    rows,
    sizes: await one.query(`select oid::regclass::text, pg_relation_size(oid) as size,
      case relkind when 'r' then reltuples end as rows from pg_class where relkind in ('r', 'i') and oid >= 16384 order by 1`),
    sequences: await one.query(`select c.oid::regclass::text, pg_sequence_last_value(c.oid)::text, s.*
      from pg_class c join pg_sequence s on seqrelid = c.oid order by 1`),
    columns: await one.query(`select attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull,
      attacl::text from pg_attribute where attrelid >= 16384 order by 1, attnum`),
    constraints: await one.query(`select conname, conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
      where oid >= 16384 order by 1, 2`),
    indexes: await one.query(`select pg_get_indexdef(indexrelid) from pg_index where indexrelid >= 16384 order by 1`),
    functions: await one.query(`select pg_get_functiondef(oid) from pg_proc where oid >= 16384 order by 1`),
    policies: await one.query('select p::text from pg_policies p order by 1'),
    rights: await one.query(`select oid::regclass::text, relacl::text, relrowsecurity from pg_class
      where oid >= 16384 and relkind <> 't' order by 1`),
    roles: await one.query('select r::text from pg_roles r order by 1'),
    settings: await one.query(`select name, setting, source from pg_settings
      where name not like '%.%' order by 1`),
    statistics: await one.query('select count(*)::int from pg_statistic where starelid >= 16384'),
  }
}
