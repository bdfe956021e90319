import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { readAs, readerRole } from '@stagewatch/server/access/read-as.ts'
import { VirtualClock } from '@stagewatch/server/clock/virtual-clock.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const hourMs = 3_600_000
const beginAt = Date.UTC(2026, 10, 22)
let database: Database

/** Two orders of sales, one of which goes through the store, and one of finance; at two sites. */
beforeAll(async () => {
  database = await openTestDatabase()
  const clock = new VirtualClock(beginAt + 12 * hourMs)
  for (const site of ['east', 'west']) {
    const pipeline = await openSite({ database, clock, site })
    const event = (order: string, hour: number, stage: string, department: string, of: string) => ({
      source: 'test',
      id: `${order}-${hour}`,
      type: 'stage.entered' as const,
      order,
      stage,
      occurredAt: beginAt + hour * hourMs,
      data: hour === 0 ? { department: of } : { department },
    })
    await submitEvents(pipeline, [
      event('S-1', 0, 'approve', 'sales', 'sales'),
      event('S-2', 0, 'approve', 'sales', 'sales'),
      event('S-2', 2, 'pick', 'store', 'sales'),
      event('F-1', 0, 'approve', 'finance', 'finance'),
    ])
    await pipeline.close()
  }
})
afterAll(() => database.close())

const tables = ['orders', 'visits', 'events'] as const

/** Orders of which rows are seen by a query that forgets to ask whose they are. */
async function seen(site: string, departments: readonly string[] | undefined): Promise<Record<string, string[]>> {
  return readAs(database, { site, departments }, async (tx) => {
    const found: [string, string[]][] = []
    for (const table of tables) {
      const rows = await tx.query<{ key: string }>(
        `select distinct site || ' ' || order_id as key from ${table} order by key`,
      )
      found.push([table, rows.map(({ key }) => key)])
    }
    return Object.fromEntries(found)
  })
}

function everywhere(...orders: string[]): Record<string, string[]> {
  return Object.fromEntries(tables.map((table) => [table, orders]))
}

describe('a query that asks for every row', () => {
  it('sees one site and no other', async () => {
    expect(await seen('east', undefined)).toEqual(everywhere('east F-1', 'east S-1', 'east S-2'))
  })

  it('sees the orders of a department', async () => {
    expect(await seen('west', ['finance'])).toEqual(everywhere('west F-1'))
  })

  it('sees an order that a department has had, and of its visits only that one', async () => {
    expect(await seen('east', ['store'])).toEqual(everywhere('east S-2'))
    const stages = await readAs(database, { site: 'east', departments: ['store'] }, (tx) =>
      tx.query<{ stage: string }>('select stage from visits'),
    )
    expect(stages).toEqual([{ stage: 'pick' }])
  })

  it('sees nothing for a department that never had an order', async () => {
    expect(await seen('east', ['fleet'])).toEqual(everywhere())
    expect(await seen('east', [])).toEqual(everywhere())
  })

  it('sees nothing where nobody has said for whom it reads', async () => {
    const rows = await database.transaction(async (tx) => {
      await tx.query(`select set_config('role', $1, true)`, [readerRole])
      return tx.query('select from orders')
    })
    expect(rows).toEqual([])
  })
})

describe('who reads for somebody', () => {
  it.each([
    `update orders set customer = 'x'`,
    `delete from events`,
    `insert into changes (site, actor, action, subject) values ('east', 'x', 'y', 'z')`,
    'select hash from api_keys',
  ])('may not: %s', async (statement) => {
    const work = readAs(database, { site: 'east' }, (tx) => tx.query(statement))
    await expect(work).rejects.toMatchObject({ code: '42501' })
  })

  it('leaves nothing of it to the next one on the connection', async () => {
    await seen('east', ['store'])
    const counts = await Promise.all(
      Array.from({ length: 20 }, () => database.query<{ count: number }>('select count(*)::int as count from orders')),
    )
    expect(counts.flat().map(({ count }) => count)).toEqual(Array.from({ length: 20 }, () => 6))
  })
})
