import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { readAs, readerRole, readerTables } from '@stagewatch/server/access/read-as.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const hourMs = 3_600_000
const beginAt = Date.UTC(2026, 10, 22)
let database: Database

/** At two sites: two orders of sales, one of which passes through the store, and one of finance. */
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

/** The orders visible to queries that lack a condition on the department, by table. */
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

describe('the role that reads for people', () => {
  it('may read exactly the tables that doctor names, and nothing of what it could set itself decides', async () => {
    const granted = await database.query<{ name: string }>(
      `select table_name as name from information_schema.role_table_grants
       where grantee = $1 and privilege_type = 'SELECT' order by 1`,
      [readerRole],
    )
    expect(granted.map(({ name }) => name)).toEqual(readerTables.toSorted())
    const policies = await database.query<{ name: string; using: string }>(
      `select tablename as name, qual as using from pg_policies where schemaname = 'public'`,
    )
    expect(new Set(policies.map(({ name }) => name))).toEqual(new Set(readerTables))
    expect(policies.filter(({ using }) => using.includes('current_setting'))).toEqual([])
    expect(policies.filter(({ using }) => !using.includes('stagewatch_read_site'))).toEqual([])
  })
})

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

  it('sees nothing without a scope', async () => {
    const rows = await database.transaction(async (tx) => {
      await tx.query(`select set_config('role', $1, true)`, [readerRole])
      return tx.query('select from orders')
    })
    expect(rows).toEqual([])
  })
})

describe('a query that tries to see more than its scope', () => {
  const orders = 'select site, order_id as "order" from orders'

  it.each([
    ['stagewatch.site', 'west'],
    ['stagewatch.departments', '*'],
    ['stagewatch.departments', '["sales","finance"]'],
  ])('sees nothing after it has set %s to %s', async (setting, value) => {
    const rows = await readAs(database, { site: 'east', departments: ['store'] }, async (tx) => {
      await tx.query('select set_config($1, $2, true)', [setting, value])
      return tx.query(`${orders} union all select site, action from changes`)
    })
    expect(rows).toEqual([])
  })

  it('sees nothing when it sets the settings while it reads', async () => {
    const rows = await readAs(database, { site: 'east', departments: ['store'] }, (tx) =>
      tx.query<{ order: string }>(`${orders} where set_config('stagewatch.departments', '*', true) = '*'`),
    )
    expect(rows.filter((row) => row.order !== 'S-2')).toEqual([])
  })

  it('can neither seal a scope of its own nor read the secret', async () => {
    for (const statement of [`select stagewatch_seal('west', '*')`, 'select secret from reader_seals']) {
      const work = readAs(database, { site: 'east' }, (tx) => tx.query(statement))
      await expect(work).rejects.toMatchObject({ code: '42501' })
    }
  })

  it('does not deceive the policies with a temporary table of orders', async () => {
    const rows = await readAs(database, { site: 'east', departments: ['store'] }, async (tx) => {
      await tx.query('create temp table orders (site text, order_id text, department text)')
      await tx.query(`insert into pg_temp.orders values ('east', 'F-1', 'store'), ('east', 'S-1', 'store')`)
      const seenVisits = await tx.query('select order_id as "order" from public.visits')
      await tx.query('drop table pg_temp.orders')
      return seenVisits
    })
    expect(rows).toEqual([{ order: 'S-2' }])
  })

  it('learns the department of another order from no function', async () => {
    const [row] = await readAs(database, { site: 'east', departments: ['store'] }, (tx) =>
      tx.query(
        `select stagewatch_reads_order('east', 'F-1') as other, stagewatch_reads_order('west', 'S-2') as "otherSite"`,
      ),
    )
    expect(row).toEqual({ other: false, otherSite: false })
  })

  it('reads no views for reporting tools', async () => {
    const work = readAs(database, { site: 'east' }, (tx) => tx.query('select from bi.orders'))
    await expect(work).rejects.toMatchObject({ code: '42501' })
  })
})

describe('the functions of the policies', () => {
  it('are for nobody but the reader, and look up names in no schema that others can write to', async () => {
    const rows = await database.query(
      `select proname as name, has_function_privilege('public', oid, 'execute') as "isForAll",
         proconfig::text as path from pg_proc where prosecdef and proname like 'stagewatch%'`,
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) {
      expect(row).toMatchObject({ isForAll: false, path: '{"search_path=pg_catalog, pg_temp"}' })
    }
  })
})

describe('the record of changes', () => {
  it('shows departments changes of rules, and those of people and screens to those who see everything', async () => {
    const actions = ['process.saved', 'person.changed', 'screen.changed', 'privacy.changed']
    await database.query(
      `insert into changes (site, actor, action, subject) select 'east', 'x', unnest($1::text[]), 'y'`,
      [actions],
    )
    const read = (departments?: readonly string[]) =>
      readAs(database, { site: 'east', departments }, (tx) => tx.query('select action from changes order by id'))
    expect(await read(['store'])).toEqual([{ action: 'process.saved' }])
    expect(await read()).toEqual(actions.map((action) => ({ action })))
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
