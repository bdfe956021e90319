import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Queryable } from '@stagewatch/db/database.ts'
import { appendHeads, loadHeads, readHeads } from '@stagewatch/server/audit/audit-heads.ts'
import { streamTables } from '@stagewatch/server/audit/audit-streams.ts'
import { chainBegin, sealHash } from '@stagewatch/server/audit/seal-chain.ts'
import { sealRows } from '@stagewatch/server/audit/seal-rows.ts'
import { compareHeads } from '@stagewatch/server/audit/verify-seals.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { AuditHead, SealProblem } from '@stagewatch/shared/contract/audit.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plantHistory } from '../backup/plant-history.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { sealAll, undone, verified } from './seal-and-verify.ts'

const now = Date.UTC(2026, 10, 27, 2)
const clock = new VirtualClock(now)
let server: StartedServer
let key: string
/** Kept where nobody who tampers with the database can change them. */
let heads: AuditHead[]

beforeAll(async () => {
  server = await startServer({ clock })
  key = await server.createKey(['ingest', 'read', 'admin'])
  await plantHistory(server, key, now)
  await sealAll(server.database)
  // A second seal of each stream.
  await send(1_500)
  await sealAll(server.database)
  heads = await readHeads(server.database)
})
afterAll(() => server.close())

let sent = 0
async function send(count: number): Promise<void> {
  const events = Array.from({ length: count }, () => {
    const id = `more-${sent++}`
    return { source: 'wms', id, type: 'stage.entered', order: `SO-${id}`, stage: 'packing', occurredAt: instant }
  })
  for (let begin = 0; begin < count; begin += 500)
    expect(await sendEvents(server.url, key, events.slice(begin, begin + 500))).toMatchObject({ rejected: 0 })
}
const instant = new Date(now).toISOString()

/** What the verification finds after somebody with all rights has tampered with the database, which is then undone. */
function foundAfter(tamper: (tx: Queryable) => Promise<unknown>): Promise<readonly SealProblem[]> {
  return undone(server.database, async (tx) => {
    await tamper(tx)
    const { problems } = await verified(tx)
    return [...problems, ...(await compareHeads(tx, heads))]
  })
}

const kinds = (found: readonly SealProblem[]) => new Set(found.map(({ kind }) => kind))

/** Seals again everything from a seal on, as somebody would who knows the program. */
async function sealAgain(tx: Queryable, from: number): Promise<void> {
  const seals = await tx.query<{ seq: number; positions: string }>(
    `select seq, positions::text as positions from audit_seals
     where site = 'main' and stream = 'events' and seq >= $1 order by seq`,
    [from],
  )
  for (const { seq } of seals) {
    const [previous] = await tx.query<{ hash: string }>(
      `select hash from audit_seals where site = 'main' and stream = 'events' and seq = $1`,
      [seq - 1],
    )
    const leaves: string[] = []
    const rows = await tx.query<{ leaf: string }>(
      `select encode(${streamTables[0]?.leaf ?? ''}, 'hex') as leaf from events r
       where r.position <@ (select positions from audit_seals where site = 'main' and stream = 'events' and seq = $1)
       order by r.position`,
      [seq],
    )
    leaves.push(...rows.map(({ leaf }) => leaf))
    await tx.query(
      `update audit_seals set hash = $2, row_count = $3 where site = 'main' and stream = 'events' and seq = $1`,
      [seq, sealHash(previous?.hash ?? chainBegin, leaves), leaves.length],
    )
  }
}

const anEvent = `(site, source, id) = (select site, source, id from events order by position offset 40 limit 1)`

describe('a record that was tampered with', () => {
  it('is intact before', async () => {
    const found = await verified(server.database)
    expect(found.problems).toEqual([])
    expect(found.rows).toBeGreaterThan(1_900)
    expect(await foundAfter(() => Promise.resolve())).toEqual([])
  })

  it.each<[what: string, statement: string, kind: SealProblem['kind']]>([
    [
      'the time of an event was changed',
      `update events set occurred_at = occurred_at - interval '1 s' where ${anEvent}`,
      'changed',
    ],
    [
      'the time of receipt was changed',
      `update events set recorded_at = recorded_at - interval '1 ms' where ${anEvent}`,
      'changed',
    ],
    ['somebody else reported it', `update events set actor = 'wang' where ${anEvent}`, 'changed'],
    ['its data was changed', `update events set data = data || '{"reason": "late"}' where ${anEvent}`, 'changed'],
    ['an event was deleted', `delete from events where ${anEvent}`, 'changed'],
    [
      'two events were exchanged',
      `update events e set order_id = other.order_id from events other
       where e.position <> other.position and e.position in (11, 31) and other.position in (11, 31)`,
      'changed',
    ],
    ['all events were deleted', 'delete from events', 'removed'],
    [
      'a change of the rules was altered',
      `update changes set actor = 'wang' where id = (select min(id) from changes)`,
      'changed',
    ],
    ['a change of the rules was deleted', 'delete from changes where id = (select min(id) from changes)', 'changed'],
    [
      'a seal was altered',
      `update audit_seals set hash = repeat('0', 64) where stream = 'events' and seq = 1`,
      'changed',
    ],
    ['a seal was deleted', `delete from audit_seals where stream = 'events' and seq = 1`, 'gap'],
    [
      'an event was written into the past',
      `insert into events (site, source, id, position, tx, origin, type, order_id, occurred_at, data, content_hash)
       overriding system value select site, source, 'forged', 1000000, tx, origin, type, order_id, occurred_at, data, content_hash
       from events where ${anEvent}`,
      'added',
    ],
    [
      'personal data was removed without a reason',
      `insert into audit_leaves (stream, position, site, before, after, erasure_id)
       select 'events', position, site, repeat('0', 64), repeat('0', 64), 'forged' from events where ${anEvent}`,
      'redaction',
    ],
  ])('says so when %s', async (_what, statement, kind) => {
    const found = await foundAfter((tx) => tx.query(statement))
    expect(kinds(found)).toContain(kind)
  })

  it('says in which seal', async () => {
    const found = await foundAfter((tx) => tx.query(`delete from events where ${anEvent}`))
    expect(found).toEqual([{ kind: 'changed', site: 'main', stream: 'events', seq: 1, missing: 1 }])
  })

  it('says so when the end was cut off, only by heads that were kept elsewhere', async () => {
    const cut = async (tx: Queryable) => {
      const last = `(select max(seq) from audit_seals where stream = 'events')`
      await tx.query(
        `delete from events where position <@ (select positions from audit_seals where stream = 'events' and seq = ${last})`,
      )
      await tx.query(`delete from audit_seals where stream = 'events' and seq = ${last}`)
    }
    expect(kinds(await foundAfter(cut))).toEqual(new Set(['cut']))
  })

  it('says so when everything was sealed again, only by heads that were kept elsewhere', async () => {
    const reseal = async (tx: Queryable) => {
      await tx.query(`delete from events where ${anEvent}`)
      await sealAgain(tx, 1)
    }
    expect(kinds(await foundAfter(reseal))).toEqual(new Set(['rewritten']))
  })
})

describe('sealing', () => {
  it('seals each row once, whichever instances seal at the same time', async () => {
    for (let round = 0; round < 4; round++) {
      await Promise.all([send(300), sealRows(server.database), sealRows(server.database)])
    }
    await sealAll(server.database)
    expect((await verified(server.database)).problems).toEqual([])
    expect(await compareHeads(server.database, heads)).toEqual([])
  })

  it('continues after a restore, which changes the order of transactions', async () => {
    const { database } = server
    await database.query('update events set tx = pg_current_xact_id()')
    await database.query('update changes set tx = pg_current_xact_id()')
    await database.query('delete from audit_cursors')
    await send(200)
    await sealAll(server.database)
    expect((await verified(database)).problems).toEqual([])
    expect(await compareHeads(database, heads)).toEqual([])
  })
})

describe('files of heads', () => {
  it('keep every head of a month in a file, and those of 14 months', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stagewatch-heads-'))
    const [head] = heads
    if (head === undefined) throw new Error('there is no head')
    try {
      for (let month = 0; month < 16; month++) {
        await appendHeads(folder, heads, Date.UTC(2026, month, 1))
        await appendHeads(folder, [head], Date.UTC(2026, month, 2))
      }
      const files = (await readdir(folder)).toSorted()
      expect([files.length, files[0], files.at(-1)]).toEqual([14, 'heads-2026-03.ndjson', 'heads-2027-04.ndjson'])
      const loaded = await Array.fromAsync(loadHeads(folder))
      expect(loaded.flat()).toHaveLength(14 * (heads.length + 1))
      const path = join(folder, 'heads-2027-04.ndjson')
      await writeFile(path, `${await readFile(path, 'utf8')}{"seq": 1}\n`)
      await expect(Array.fromAsync(loadHeads(folder))).rejects.toThrow(
        `heads-2027-04.ndjson, line ${heads.length + 2}: this is no head of the record`,
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
