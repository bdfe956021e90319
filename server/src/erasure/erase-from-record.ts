import type { Queryable } from '@stagewatch/db/database.ts'
import type { StreamTable } from '../audit/audit-streams.ts'
import { belowOwnWriters } from '../log/log-bound.ts'
import { isFound, searched, withoutName } from './erased-places.ts'
import type { SearchedName, SearchMode } from './erased-places.ts'

/** What of a row of the record may contain a name. */
const searchedColumns: Readonly<Record<StreamTable['name'], Readonly<Record<string, SearchMode>>>> = {
  events: { actor: 'exact', data: 'json' },
  changes: { actor: 'exact', subject: 'exact', before: 'jsonText', after: 'jsonText', reason: 'text' },
}

/** Fields of an event's data in which people write sentences. */
export const freeTexts = ['reason', 'text', 'comment'] as const

const jsonColumns = new Set(['data', 'before', 'after'])

/** SQL for whether a row `r` of the table contains the name. */
function isRowFound(table: StreamTable['name']): string {
  const found = Object.entries(searchedColumns[table]).map(([column, mode]) => isFound(`r.${column}`, mode))
  const texts = table === 'events' ? freeTexts.map((key) => `strpos(r.data ->> '${key}', ${searched.plain}) > 0`) : []
  return [...found, ...texts].map((one) => `coalesce(${one}, false)`).join(' or ')
}

function valueWithoutName(column: string, mode: SearchMode): string {
  const value = withoutName(`r.${column}`, mode, jsonColumns.has(column))
  if (column !== 'data') return value
  return freeTexts.reduce(
    (data, key) => `case when strpos(r.data ->> '${key}', ${searched.plain}) > 0
      then jsonb_set(${data}, '{${key}}', to_jsonb(${withoutName(`(r.data ->> '${key}')`, 'text', false)}))
      else ${data} end`,
    value,
  )
}

/** Rows that are looked at in one transaction. */
const pageSize = 5_000

/** How far a removal has got in a table of the record. */
export interface RecordCursor {
  readonly tx: string
  readonly position: string
}

export interface ErasedPage {
  /** The last row that was looked at. Undefined: there are no more. */
  readonly end: RecordCursor | undefined
  /** Number of changed rows. */
  readonly changed: number
}

/** Counts rows of the next page that contain the name. */
export async function findInPage(
  db: Queryable,
  table: StreamTable,
  site: string,
  name: SearchedName,
  from: RecordCursor,
): Promise<ErasedPage> {
  const [row] = await db.query<PageRow>(
    `${pageOf(table, true)},
     found as (select count(*)::int as count from page r where r.site = $1 and (${isRowFound(table.name)}))
     select ended.tx::text as tx, ended.${table.position}::text as position, found.count
     from found left join ended on true`,
    [site, name, from.tx, from.position],
  )
  return toPage(row)
}

/**
 * Removes the name from the next page of rows. Rows that are sealed keep the hash with which they were, so that it is
 * still shown that nothing else was changed. To be called in a transaction that holds the cursor of the seals.
 */
export async function eraseFromPage(
  tx: Queryable,
  table: StreamTable,
  { site, name, erasureId, from, isLast }: ErasePage,
): Promise<ErasedPage> {
  const { name: stream, position, leaf } = table
  const assignments = Object.entries(searchedColumns[stream]).map(
    ([column, mode]) => `${column} = ${valueWithoutName(column, mode)}`,
  )
  const key = `r.${position} = m.${position} and r.site = m.site${stream === 'events' ? ' and r.source = m.source and r.id = m.id' : ''}`
  const keyColumns = stream === 'events' ? 'r.site, r.source, r.id, r.position' : 'r.site, r.id'
  const [row] = await tx.query<PageRow>(
    `${pageOf(table, isLast)},
     matched as materialized (
       select ${keyColumns}, encode(${leaf}, 'hex') as leaf from page r where r.site = $1 and (${isRowFound(stream)})),
     erased as (
       update ${stream} r set ${assignments.join(', ')} from matched m where ${key}
       returning r.${position} as position, m.leaf as before, encode(${leaf}, 'hex') as after),
     kept as (
       insert into audit_leaves (stream, position, site, before, after, erasure_id)
       select '${stream}', e.position, $1, e.before, e.after, $5::text from erased e
       where exists (
         select from audit_seals s where s.stream = '${stream}' and s.site = $1
           and s.last_position >= e.position and s.positions @> e.position))
     select ended.tx::text as tx, ended.${position}::text as position, (select count(*)::int from erased) as count
     from (select 1) as one left join ended on true`,
    [site, name, from.tx, from.position, erasureId],
  )
  return toPage(row)
}

interface ErasePage {
  readonly site: string
  readonly name: SearchedName
  readonly erasureId: string
  readonly from: RecordCursor
  /** Nobody else is writing, so that everything visible can be looked at. */
  readonly isLast: boolean
}

interface PageRow {
  readonly tx: string | null
  readonly position: string | null
  readonly count: number
}

/** Rows of all sites after $3 and $4, in the order of commits. */
function pageOf({ name, position }: StreamTable, isLast = false): string {
  return `with page as materialized (
       select * from ${name}
       where (tx, ${position}) > ($3::text::xid8, $4::bigint)${isLast ? '' : ` and tx < ${belowOwnWriters}`}
       order by tx, ${position} limit ${pageSize}),
     ended as (select tx, ${position} from page order by tx desc, ${position} desc limit 1)`
}

function toPage(row: PageRow | undefined): ErasedPage {
  const { tx, position, count = 0 } = row ?? { tx: null, position: null }
  return { end: tx === null || position === null ? undefined : { tx, position }, changed: count }
}
