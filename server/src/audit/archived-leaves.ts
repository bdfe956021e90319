import type { Queryable } from '@stagewatch/db/database.ts'
import { streamTable } from './audit-streams.ts'
import { holdSeals } from './hold-seals.ts'
import { parsePositions } from './seal-chain.ts'

/** The sealed events of one seal that are in one archive. */
interface ArchivedGroup {
  readonly seq: number
  readonly archiveId: number
  /** Hash with which the event was sealed, hex, by position. */
  readonly leaves: ReadonlyMap<bigint, string>
}

interface LeafRow {
  readonly position: string
  readonly leaf: string
}

/** SQL for the hash with which an event `r` was sealed, hex, also if personal data was removed from it since. */
const sealedLeaf = `coalesce(
  (select l.before from audit_leaves l where l.stream = 'events' and l.position = r.position order by l.id limit 1),
  encode(${streamTable('events').leaf}, 'hex'))`

/** Keeps the hashes of the sealed events of orders, to be called before they are removed from the log. */
export async function keepLeaves(
  tx: Queryable,
  site: string,
  archiveId: number,
  orders: readonly string[],
): Promise<void> {
  await holdSeals(tx, 'events')
  const rows = await tx.query<LeafRow>(
    `select r.position::text as position, ${sealedLeaf} as leaf from events r
     where r.site = $1 and r.order_id = any($2::text[]) order by r.position`,
    [site, orders],
  )
  const [first, last] = [rows[0], rows.at(-1)]
  if (first === undefined || last === undefined) return
  const seals = await tx.query<{ seq: number; positions: string }>(
    `select seq, positions::text as positions from audit_seals
     where site = $1 and stream = 'events' and last_position >= $2::bigint and first_position <= $3::bigint`,
    [site, first.position, last.position],
  )
  const ranges = seals
    .flatMap(({ seq, positions }) => parsePositions(positions).map((range) => ({ seq, ...range })))
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
  const bySeal = new Map<number, Map<bigint, string>>()
  let next = 0
  // Both are sorted, and no position has two seals.
  for (const { position: text, leaf } of rows) {
    const position = BigInt(text)
    while (next < ranges.length && (ranges[next]?.to ?? 0n) < position) next++
    const range = ranges[next]
    if (range === undefined || range.from > position) continue
    const group = bySeal.get(range.seq) ?? new Map<bigint, string>()
    bySeal.set(range.seq, group.set(position, leaf))
  }
  await writeGroups(
    tx,
    site,
    Array.from(bySeal, ([seq, leaves]) => ({ seq, archiveId, leaves })),
  )
}

/** Forgets the hashes of events that are back in the log. */
export async function forgetLeaves(
  tx: Queryable,
  site: string,
  archiveId: number,
  positions: readonly string[],
): Promise<void> {
  const restored = new Set(positions.map(BigInt))
  const stored = await tx.query<GroupRow>(
    `delete from audit_archived where site = $1 and archive_id = $2 returning ${groupColumns}`,
    [site, archiveId],
  )
  const left = stored.map(toGroup).map(({ leaves, ...group }) => ({
    ...group,
    leaves: new Map([...leaves].filter(([position]) => !restored.has(position))),
  }))
  await writeGroups(
    tx,
    site,
    left.filter(({ leaves }) => leaves.size > 0),
  )
}

/** The archived events of seals. */
export async function loadGroups(db: Queryable, site: string, seqs: readonly number[]): Promise<ArchivedGroup[]> {
  const rows = await db.query<GroupRow>(
    `select ${groupColumns} from audit_archived where site = $1 and seq = any($2::int[])`,
    [site, seqs],
  )
  return rows.map(toGroup)
}

/** The sealed events of an archive: hash by position. */
export async function loadArchivedLeaves(
  db: Queryable,
  site: string,
  archiveId: number,
): Promise<ReadonlyMap<bigint, string>> {
  const rows = await db.query<GroupRow>(
    `select ${groupColumns} from audit_archived where site = $1 and archive_id = $2`,
    [site, archiveId],
  )
  return new Map(rows.map(toGroup).flatMap(({ leaves }) => [...leaves]))
}

interface GroupRow {
  readonly seq: number
  readonly archiveId: number
  readonly positions: string
  readonly leaves: string
}

const groupColumns = `seq, archive_id::float8 as "archiveId", positions::text as positions, encode(leaves, 'hex') as leaves`

const leafLength = 64

function toGroup({ seq, archiveId, positions, leaves }: GroupRow): ArchivedGroup {
  const found = new Map<bigint, string>()
  for (const { from, to } of parsePositions(positions)) {
    for (let position = from; position <= to; position++) {
      const begin = found.size * leafLength
      found.set(position, leaves.slice(begin, begin + leafLength))
    }
  }
  return { seq, archiveId, leaves: found }
}

async function writeGroups(tx: Queryable, site: string, groups: readonly ArchivedGroup[]): Promise<void> {
  if (groups.length === 0) return
  const sorted = groups.map(({ leaves }) => [...leaves].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  await tx.query(
    `insert into audit_archived (site, seq, archive_id, positions, leaves)
     select $1, t.seq, t.archive_id, t.positions::int8multirange, decode(t.leaves, 'hex')
     from unnest($2::int[], $3::bigint[], $4::text[], $5::text[]) as t(seq, archive_id, positions, leaves)`,
    [
      site,
      groups.map(({ seq }) => seq),
      groups.map(({ archiveId }) => archiveId),
      sorted.map((leaves) => `{${leaves.map(([position]) => `[${position},${position + 1n})`).join(',')}}`),
      sorted.map((leaves) => leaves.map(([, leaf]) => leaf).join('')),
    ],
  )
}
