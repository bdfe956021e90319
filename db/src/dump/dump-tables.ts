import { literal } from '../database.ts'
import type { Snapshot } from './snapshot.ts'

/** A table of the product as it is dumped. */
export interface DumpedTable {
  readonly name: string
  /** Names of the columns that are dumped, in their order. */
  readonly columns: readonly string[]
  /** Size on disk with texts that are stored separately, without indexes. */
  readonly bytes: number
  readonly pageCount: number
}

/** Where the numbers of an identity column continue. */
export interface DumpedSequence {
  readonly name: string
  readonly lastValue: string
  readonly isCalled: boolean
}

/**
 * Not dumped: which server instances there are and what they do, the files of their pages, uploaded files that wait for
 * their import, which are not in the database, and up to which transaction the record is sealed.
 */
const skippedTables = ['leases', 'server_instances', 'page_files', 'uploads', 'audit_cursors']

/** Some MB of rows, so that a dump needs little memory and an embedded database is not blocked for long at a time. */
const pagesAtOnce = 512

/**
 * The tables in the order of their names. Columns with transaction ids are left out, because the ids mean nothing in
 * another database: rows that are loaded get the id of the transaction that loads them.
 */
export async function listDumpedTables(snapshot: Snapshot): Promise<DumpedTable[]> {
  return snapshot.query<DumpedTable>(`
    select c.relname as name, pg_table_size(c.oid)::float8 as bytes,
      ceil(pg_relation_size(c.oid) / current_setting('block_size')::float8)::int as "pageCount",
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
          and a.atttypid <> 'xid8'::regtype) as columns
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
      and c.relname not in (${skippedTables.map(literal).join(', ')})
    order by c.relname`)
}

/** Queries that together return every row of a table once, a bounded number of pages each. */
export function* selectsOf({ name, columns, pageCount }: DumpedTable): Generator<string> {
  if (name === 'log_consumers') return yield consumersSelect(columns)
  const list = columns.map((column) => `"${column}"`).join(', ')
  for (let page = 0; page === 0 || page < pageCount; page += pagesAtOnce) {
    const end = page + pagesAtOnce
    // The table may have grown since its pages were counted.
    const below = end < pageCount ? ` and ctid < '(${end},0)'` : ''
    yield `select ${list} from public."${name}" where ctid >= '(${page},0)'${below}`
  }
}

/**
 * Readers of the log continue after the last event in the order of transactions, which is lost; in the order of
 * positions they continue before the first event that they have not read.
 */
function consumersSelect(columns: readonly string[]): string {
  const position = `coalesce(
    (select min(e.position) - 1 from public.events e where (e.tx, e.position) > (c.tx::xid8, c.position)),
    (select max(e.position) from public.events e), 0)`
  const list = columns.map((column) => (column === 'position' ? `${position} as position` : `c."${column}"`))
  return `select ${list.join(', ')} from public.log_consumers c`
}

/** The names of migrations are in files; the database knows their times. Ascending. */
export async function listMigrationTimes(snapshot: Snapshot): Promise<number[]> {
  const rows = await snapshot.query<{ at: number }>(
    'select created_at::float8 as at from drizzle.__drizzle_migrations order by created_at',
  )
  return rows.map(({ at }) => at)
}

export async function listSequences(snapshot: Snapshot): Promise<DumpedSequence[]> {
  const names = await snapshot.query<{ name: string }>(
    `select sequencename as name from pg_sequences where schemaname = 'public' order by sequencename`,
  )
  const sequences: DumpedSequence[] = []
  for (const { name } of names) {
    const [row] = await snapshot.query<{ lastValue: string; isCalled: boolean }>(
      `select last_value::text as "lastValue", is_called as "isCalled" from public."${name}"`,
    )
    if (row !== undefined) sequences.push({ name, ...row })
  }
  return sequences
}
