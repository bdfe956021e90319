import { auditCursors, auditSeals } from '@stagewatch/db/audit-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { and, desc, eq } from 'drizzle-orm'
import { belowOwnWriters } from '../log/log-bound.ts'
import { streamTables } from './audit-streams.ts'
import type { StreamTable } from './audit-streams.ts'
import { chainBegin, sealHash } from './seal-chain.ts'

/** Rows that are read at once; those of one site become one seal. */
const pageSize = 4_000

/** The unsealed rows of a site in a page. A page without any has a single row without site. */
interface SiteRows {
  /** The last row of the page. */
  readonly endTx: string
  readonly endPosition: string
  readonly site: string | null
  readonly rowCount: number
  readonly first: string
  readonly last: string
  readonly positions: string
  /** Hashes by position, hex, 64 characters each. */
  readonly leaves: string
}

/**
 * Rows after a cursor, in the order of commits, below which no row can appear any more. After a restore, reading starts
 * at the beginning, so rows that have a seal are left out.
 */
const unsealedRows = ({ name, position, leaf }: StreamTable): string => `
  with page as materialized (
    select * from ${name} where (tx, ${position}) > ($1::text::xid8, $2::bigint) and tx < ${belowOwnWriters}
    order by tx, ${position} limit ${pageSize}),
  seals as materialized (
    select s.site, s.positions from audit_seals s
    where s.stream = '${name}' and s.site = any(array(select distinct site from page))
      and s.last_position >= (select min(${position}) from page)
      and s.first_position <= (select max(${position}) from page)),
  unsealed as (
    select r.site, r.${position} as position, ${leaf} as leaf from page r
    where not exists (select from seals s where s.site = r.site and s.positions @> r.${position}))
  select ended.tx::text as "endTx", ended.${position}::text as "endPosition", u.site, u."rowCount", u.first, u.last,
    u.positions, u.leaves
  from (select tx, ${position} from page order by tx desc, ${position} desc limit 1) as ended
  left join (
    select site, count(*)::int as "rowCount", min(position)::text as first, max(position)::text as last,
      range_agg(int8range(position, position, '[]'))::text as positions,
      encode(string_agg(leaf, ''::bytea order by position), 'hex') as leaves
    from unsealed group by site) as u on true`

/**
 * Seals everything that was committed before the call, unless another server instance is doing so.
 * @returns whether there are new seals.
 */
export async function sealRows(database: Database): Promise<boolean> {
  let hasSealed = false
  for (const table of streamTables) {
    for (;;) {
      const sealed = await database.longRunning.transaction((tx) => sealPage(tx, table))
      if (sealed === undefined) break
      hasSealed ||= sealed > 0
    }
  }
  return hasSealed
}

/** @returns the number of new seals; undefined if nothing was read. */
async function sealPage(tx: Queryable, table: StreamTable): Promise<number | undefined> {
  const on = drizzleOn(tx)
  const stream = table.name
  await on.insert(auditCursors).values({ stream }).onConflictDoNothing()
  const [from] = await on
    .select({ tx: auditCursors.tx, position: auditCursors.position })
    .from(auditCursors)
    .where(eq(auditCursors.stream, stream))
    .for('update', { skipLocked: true })
  if (from === undefined) return undefined
  const page = await tx.query<SiteRows>(unsealedRows(table), [from.tx, from.position])
  const [first] = page
  if (first === undefined) return undefined
  let sealed = 0
  for (const { site, rowCount, positions, leaves, ...range } of page) {
    if (site === null) continue
    const [head] = await on
      .select({ seq: auditSeals.seq, hash: auditSeals.hash })
      .from(auditSeals)
      .where(and(eq(auditSeals.site, site), eq(auditSeals.stream, stream)))
      .orderBy(desc(auditSeals.seq))
      .limit(1)
    await on.insert(auditSeals).values({
      site,
      stream,
      seq: (head?.seq ?? 0) + 1,
      positions,
      firstPosition: BigInt(range.first),
      lastPosition: BigInt(range.last),
      rowCount,
      hash: sealHash(head?.hash ?? chainBegin, leaves),
    })
    sealed++
  }
  await on
    .update(auditCursors)
    .set({ tx: first.endTx, position: BigInt(first.endPosition) })
    .where(eq(auditCursors.stream, stream))
  return sealed
}
