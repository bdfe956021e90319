import { tmpdir } from 'node:os'
import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { checkHealth } from '@stagewatch/server/ops/check-health.ts'
import { boardOf, shipping } from '@stagewatch/server/boards/testing/board-of.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { isRebuildPending } from '@stagewatch/server/projection/pending-rebuild.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { afterStatement } from '../harness/after-statement.ts'
import { cuttable } from '../harness/cuttable-database.ts'
import { openSite } from '../harness/open-site.ts'
import { entered, now, statuses } from './entered-event.ts'

/** Orders end in packing. */
const packedEnds: ProcessDefinition = {
  ...shipping,
  stages: shipping.stages.map(({ terminal: _other, ...stage }) =>
    stage.code === 'packing' ? { ...stage, terminal: true } : stage,
  ),
}

let database: Database
let sites = 0
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** A server instance that dies as soon as the change of rules is stored, with an order packed before. */
async function diedAfterChange(): Promise<string> {
  const line = cuttable(database)
  let dies = false
  const dying: Database = {
    ...line,
    async transaction(work) {
      const result = await line.transaction(work)
      if (dies) line.cut()
      return result
    },
  }
  const site = `site-${++sites}`
  const pipeline = await open(site, 'dead', dying)
  await pipeline.saveProcess(shipping)
  await statuses(pipeline, entered('e1', { stage: 'packing' }))
  dies = true
  await expect(pipeline.saveProcess(packedEnds)).rejects.toThrow('the connection to the database is lost')
  return site
}

function open(site: string, origin: string, on = database): Promise<SitePipeline> {
  return openSite({ database: on, clock: new VirtualClock(now), site, origin })
}

const isPage = (text: string): boolean => /from events .*group by (?:events\.)?order_id/s.test(text)

/** Counts the rebuilds of the site's orders from now on. */
function countingRebuilds(): { readonly database: Database; readonly count: () => number } {
  let count = 0
  const counting = cuttable(database)
  return {
    database: {
      ...counting,
      longRunning: afterStatement(counting.longRunning, ({ text, parameters }) => {
        // The first page of orders; the last one is empty.
        if (isPage(text) && parameters[1] === '') count += 1
      }),
    },
    count: () => count,
  }
}

const openOrders = (site: SitePipeline): number => boardOf(site.engine, 'default', now).kpis.open.count
const rebuildCheck = async (site: SitePipeline) =>
  (await checkHealth(database, site, { now, archiveDirectory: tmpdir() })).find(({ name }) => name === 'rebuild')

describe('a rebuild that its server did not live to begin', () => {
  it('is done at the next start, once', async () => {
    const site = await diedAfterChange()
    expect(await isRebuildPending(database, site)).toBe(true)
    const counted = countingRebuilds()
    const restarted = await open(site, 'restarted', counted.database)
    expect(openOrders(restarted)).toBe(0)
    expect(await isRebuildPending(database, site)).toBe(false)
    await restarted.sync()
    await open(site, 'third', counted.database)
    expect(counted.count()).toBe(1)
  })

  it('is taken up by a server that runs', async () => {
    const site = await diedAfterChange()
    await database.query('update sites set rebuild_version = null where code = $1', [site])
    const running = await open(site, 'running')
    await database.query('update sites set rebuild_version = rules_version where code = $1', [site])
    expect(await rebuildCheck(running)).toMatchObject({ ok: false })
    await running.sync()
    expect(openOrders(running)).toBe(0)
    expect(await rebuildCheck(running)).toMatchObject({ ok: true })
  })

  it('is left to the server that is at it, until that is dead', async () => {
    const site = await diedAfterChange()
    const claim = `update sites set rebuild_origin = 'other', rebuild_until = clock_timestamp() + $2::interval where code = $1`
    await database.query(claim, [site, '20 s'])
    // PostgreSQL only, because the embedded database belongs to one server.
    const { database: shared, count } = countingRebuilds()
    const second = await open(site, 'second', shared)
    await second.sync()
    expect(count()).toBe(0)
    await database.query(claim, [site, '-1 s'])
    await second.sync()
    expect([count(), openOrders(second)]).toEqual([1, 0])
  })

  it('is taken up from a server that claimed it by a clock that was set back since', async () => {
    const site = await diedAfterChange()
    await database.query(
      `update sites set rebuild_origin = 'other', rebuild_until = now() + interval '400 days' where code = $1`,
      [site],
    )
    const { database: shared, count } = countingRebuilds()
    const second = await open(site, 'second', shared)
    await second.sync()
    expect([count(), openOrders(second)]).toEqual([1, 0])
  })

  it('stays due when the rules change again while it runs', async () => {
    const site = await diedAfterChange()
    const line = cuttable(database)
    let changes = true
    const interrupted: Database = {
      ...line,
      longRunning: afterStatement(line.longRunning, async ({ text, rowCount }) => {
        // After the last page, before the rebuild is marked as done.
        if (!changes || !isPage(text) || rowCount > 0) return
        changes = false
        await database.query(
          'update sites set rules_version = rules_version + 1, rebuild_version = rules_version + 1 where code = $1',
          [site],
        )
      }),
    }
    const first = await open(site, 'first', interrupted)
    expect(await isRebuildPending(database, site)).toBe(true)
    await first.sync()
    expect(await isRebuildPending(database, site)).toBe(false)
  })
})
