import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { boardOf, repair, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { parseEvents } from '@stagewatch/server/ingest/parse/parse-events.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'
import { entered, note, now, statuses, withoutStage } from './entered-event.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

let sites = 0

function freshSite(through: Database = database, failed?: (error: unknown) => void): Promise<SitePipeline> {
  const site = `site-${++sites}`
  return openSite({ database: through, clock: new VirtualClock(now), site, ...(failed && { failed }) })
}

function logged({ site }: SitePipeline): Promise<{ id: string; order: string }[]> {
  return database.query('select id, order_id as "order" from events where site = $1 order by position', [site.code])
}

describe('the same event again', () => {
  it('is a duplicate and counts once, in the same request or later', async () => {
    const site = await freshSite()
    expect(await statuses(site, entered('e1'), entered('e1'))).toEqual(['accepted', 'duplicate'])
    expect(await statuses(site, entered('e1'), entered('e2', { stage: 'packing' }))).toEqual(['duplicate', 'accepted'])
    expect(await logged(site)).toHaveLength(2)
    expect(boardOf(site.engine, 'default', now).stages['picking']).toMatchObject({
      arrivalsToday: 1,
      departuresToday: 1,
    })
  })

  it('is the same whatever its sequence and the order of its keys, and another one from another source', async () => {
    const site = await freshSite()
    await statuses(site, entered('e1', { sequence: 1, data: { customer: 'Aster', quantity: 3 } }))
    const again = entered('e1', { sequence: 2, data: { quantity: 3, customer: 'Aster' } })
    expect(await statuses(site, again, entered('e1', { source: 'erp' }))).toEqual(['duplicate', 'accepted'])
  })

  it('with other content is a conflict, and the first one stays', async () => {
    const site = await freshSite()
    const other = entered('e1', { stage: 'packing' })
    expect(await statuses(site, entered('e1'), other, entered('e1'))).toEqual(['accepted', 'conflict', 'duplicate'])
    expect(await statuses(site, other)).toEqual(['conflict'])
    expect(boardOf(site.engine, 'default', now).stages['picking']?.wip).toBe(1)
  })

  it('is accepted once when many send it at the same time', async () => {
    const site = await freshSite()
    const variants = Array.from({ length: 20 }, (_, i) => entered('e1', { actor: `u${i % 2}` }))
    const answers = (await Promise.all(variants.map((event) => statuses(site, event)))).flat()
    const count = (status: string) => answers.filter((answer) => answer === status).length
    expect([count('accepted'), count('duplicate'), count('conflict')]).toEqual([1, 9, 10])
    expect(await logged(site)).toHaveLength(1)
  })
})

describe('requests at the same time', () => {
  it('are stored in a few transactions, and each has its own answer', async () => {
    let transactions = 0
    const counting: Database = {
      ...database,
      transaction: (work) => {
        transactions += 1
        return database.transaction(work)
      },
    }
    const site = await freshSite(counting)
    await statuses(site, entered('first'))
    transactions = 0
    const requests = Array.from({ length: 60 }, (_, i) => [
      entered(`a${i}`, { order: `SO-${i % 7}` }),
      entered(`b${i % 30}`),
    ])
    const answers = await Promise.all(requests.map((events) => submitEvents(site, events)))
    expect(transactions).toBeLessThanOrEqual(2)
    expect(answers.map(({ accepted, duplicate }) => [accepted, duplicate])).toEqual(
      requests.map((_, i) => (i < 30 ? [2, 0] : [1, 1])),
    )
    expect(answers.every(({ results }) => results.map(({ index }) => index).join() === '0,1')).toBe(true)
    expect(await logged(site)).toHaveLength(91)
  })

  it('do not suffer from one that the database refuses', async () => {
    const failures: unknown[] = []
    const site = await freshSite(database, (error) => void failures.push(error))
    // No parser accepts this, and PostgreSQL cannot store it.
    const poison = entered('poison', { order: 'SO-\u0000' })
    const requests = [[entered('a')], [entered('b'), poison], [entered('c'), entered('d')]]
    const [first, second, third] = await Promise.allSettled(requests.map((events) => submitEvents(site, events)))
    expect(first).toMatchObject({ status: 'fulfilled', value: { accepted: 1 } })
    expect(second).toMatchObject({ status: 'fulfilled', value: { accepted: 1, rejected: 1 } })
    expect(third).toMatchObject({ status: 'fulfilled', value: { accepted: 2 } })
    expect((await logged(site)).map(({ id }) => id).toSorted()).toEqual(['a', 'b', 'c', 'd'])
    expect(failures).toHaveLength(1)
  })

  it('are refused as a whole when too much is waiting, and nothing of them is stored', async () => {
    const gate = Promise.withResolvers<void>()
    const slow: Database = { ...database, transaction: (work) => gate.promise.then(() => database.transaction(work)) }
    const site = await freshSite(slow)
    const batch = (name: string) => Array.from({ length: 10_000 }, (_, i) => note(`${name}${i}`, `SO-${i % 100}`, now))
    const waiting = Array.from({ length: 10 }, () => submitEvents(site, batch('again ')))
    await expect(submitEvents(site, [entered('late')])).rejects.toMatchObject({
      code: 'overloaded',
      retryAfterS: expect.any(Number) as number,
    })
    gate.resolve()
    const answers = await Promise.all(waiting)
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(10_000)
    expect(await logged(site)).toHaveLength(10_000)
    expect(await statuses(site, entered('late'))).toEqual(['accepted'])
  })
})

describe('an event that cannot be taken', () => {
  it('is kept as it came, with the reason, and stops no other', async () => {
    const site = await freshSite()
    await site.saveProcess({ ...shipping, acceptsNewStages: false })
    const good = {
      source: 'wms',
      id: 'e1',
      type: 'stage.entered',
      order: 'SO-1',
      stage: 'picking',
      occurredAt: '2026-11-20T08:00:00Z',
    }
    const bad = [
      { ...good, id: 'e2', stage: 'teleport' },
      { ...good, id: 'e3', occurredAt: 'yesterday' },
      { ...good, id: 'e4', order: 'SO-\u0000\ud800' },
      { ...good, id: 'e1', actor: 'somebody else' },
      17,
    ]
    const parsed = parseEvents('application/json', [good, ...bad], now)
    const items = parsed.ok ? parsed.items : []
    const answer = await site.submit({ sender: 'scanner', items })
    expect(answer).toMatchObject({ accepted: 1, rejected: 5 })
    const rows = await database.query<{ raw: string }>(
      'select sender, code, field, raw from quarantine where site = $1 order by id',
      [site.site.code],
    )
    expect(rows.map(({ raw, ...rest }) => ({ ...rest, raw: JSON.parse(raw) }))).toEqual([
      { sender: 'scanner', code: 'unknown_stage', field: 'stage', raw: bad[0] },
      { sender: 'scanner', code: 'invalid_time', field: 'occurredAt', raw: bad[1] },
      { sender: 'scanner', code: 'invalid_text', field: 'order', raw: bad[2] },
      { sender: 'scanner', code: 'conflict', field: 'id', raw: bad[3] },
      { sender: 'scanner', code: expect.any(String), field: expect.toBeOneOf([null, expect.any(String)]), raw: 17 },
    ])
  })

  it('names a stage or a process that the site does not know', async () => {
    const site = await freshSite()
    await site.saveProcess({ ...shipping, acceptsNewStages: false })
    await site.saveProcess(repair)
    expect(
      await statuses(
        site,
        entered('e1', { stage: 'diagnosis', order: 'SO-9' }),
        entered('e2', { stage: 'diagnosis', data: { process: 'repair' } }),
        entered('e3', { data: { process: 'returns' } }),
        entered('e4', { stage: 'varnish', order: 'SO-2', data: { process: 'repair' } }),
      ),
    ).toEqual(['unknown_stage', 'accepted', 'unknown_process', 'accepted'])
    expect(site.catalog.get('repair')?.stages.map(({ code }) => code)).toEqual(['diagnosis', 'packing', 'varnish'])
    expect(site.catalog.get('default')?.stages).toHaveLength(4)
  })

  it('is judged by the process that an earlier event of the same request gives the order', async () => {
    const site = await freshSite()
    await site.saveProcess({ ...shipping, acceptsNewStages: false })
    await site.saveProcess({ ...repair, acceptsNewStages: false })
    const placed = { ...withoutStage(entered('e1')), type: 'order.placed' as const, data: { process: 'repair' } }
    expect(await statuses(site, placed, entered('e2', { stage: 'diagnosis' }))).toEqual(['accepted', 'accepted'])
  })
})

describe('the position of an answer', () => {
  it('contains the events of the request, and rises', async () => {
    const site = await freshSite()
    const positions: bigint[] = []
    for (const id of ['a', 'b', 'c']) positions.push(BigInt((await submitEvents(site, [entered(id)])).position))
    const [newest] = await database.query<{ position: string }>('select max(position)::text as position from events')
    expect(positions.at(-1)).toBe(BigInt(newest!.position))
    expect(positions).toEqual(positions.toSorted((a, b) => Number(a - b)))
    expect(site.position).toBe(newest!.position)
  })
})
