import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { parseEvents } from '@stagewatch/server/ingest/parse/parse-events.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-20T09:00:00Z')
const numRuns = Number(process.env['FAST_CHECK_RUNS'] ?? 8)

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

let sites = 0

function processOf(code: string, stages: readonly string[], acceptsNewStages = false): ProcessDefinition {
  return { code, name: { zh: code, en: code }, stages: stages.map(plainStage), acceptsNewStages, goals: {} }
}

type Raw = Readonly<Record<string, unknown>>

/** A site whose orders follow one of these processes; the first one is the default. */
async function siteWith(...processes: readonly ProcessDefinition[]): Promise<SitePipeline> {
  const site = await openSite({ database, clock: new VirtualClock(beginAt + 3_600_000), site: `arrival-${++sites}` })
  for (const definition of processes) await site.saveProcess(definition)
  return site
}

async function send(site: SitePipeline, events: readonly Raw[]) {
  const parsed = parseEvents('application/json', events, beginAt + 3_600_000)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  return site.submit({ sender: 'test', items: parsed.items })
}

function event(id: number, type: string, minute: number, more: Raw = {}): Raw {
  const occurredAt = new Date(beginAt + minute * 60_000).toISOString()
  return { source: 'test', id: `e${id}`, type, order: 'SO-1', occurredAt, ...more }
}

/** Everything that must be independent of the order of arrival. */
async function outcomeOf({ site: { code }, catalog }: SitePipeline) {
  const visits = await database.query(
    `select o.order_id, o.process, o.status, v.stage, v.nth, v.entered_at::text, v.left_at::text
     from orders o left join visits v on v.site = o.site and v.order_id = o.order_id
     where o.site = $1 and o.status <> 'void' order by o.order_id, v.visit_index`,
    [code],
  )
  const quarantined = await database.query(
    `select distinct source, event_id, code from quarantine where site = $1 order by 1, 2, 3`,
    [code],
  )
  const stages = catalog
    .list()
    .map((definition) => [definition.code, definition.stages.map((stage) => stage.code).toSorted()])
  return { visits, quarantined, stages }
}

describe('the process that validates an event', () => {
  const entered = event(1, 'stage.entered', 1, { stage: 'weld' })
  const placed = event(2, 'order.placed', 0, { data: { process: 'welding' } })

  it.each([
    ['closed', false],
    ['open', true],
  ])('does not depend on what arrives first, with a default process that is %s', async (_, isOpen) => {
    const outcomes = []
    for (const arrivals of [[[placed, entered]], [[entered, placed]], [[placed], [entered]], [[entered], [placed]]]) {
      const site = await siteWith(processOf('making', ['cut'], isOpen), processOf('welding', ['weld']))
      for (const batch of arrivals) await send(site, batch)
      outcomes.push(await outcomeOf(site))
      await site.close()
    }
    for (const outcome of outcomes) {
      expect(outcome).toEqual(outcomes[0])
      expect(outcome).toMatchObject({ visits: [{ process: 'welding', stage: 'weld' }], quarantined: [] })
    }
  })

  it('moves events to quarantine whose stage turns out to be missing in the process', async () => {
    const site = await siteWith(processOf('making', ['cut']), processOf('welding', ['weld']))
    expect(await send(site, [event(1, 'stage.entered', 1, { stage: 'cut' })])).toMatchObject({ accepted: 1 })
    await send(site, [placed])
    expect(await outcomeOf(site)).toMatchObject({
      visits: [{ process: 'welding', stage: null }],
      quarantined: [{ event_id: 'e1', code: 'unknown_stage' }],
    })
    await send(site, [event(3, 'order.changed', 2, { data: { process: 'making' } })])
    expect(await outcomeOf(site)).toMatchObject({ visits: [{ process: 'making', stage: 'cut' }], quarantined: [] })
    await site.close()
  })

  it('releases events from quarantine when the process that they wait for is saved', async () => {
    const site = await siteWith(processOf('making', ['cut']))
    const more = event(4, 'stage.entered', 5, { stage: 'grind' })
    expect(await send(site, [placed, entered, more])).toMatchObject({ rejected: 3 })
    await site.saveProcess(processOf('welding', ['weld']))
    expect(await outcomeOf(site)).toMatchObject({
      visits: [{ process: 'welding', stage: 'weld' }],
      quarantined: [{ event_id: 'e4', code: 'unknown_stage' }],
    })
    await site.saveProcess(processOf('welding', ['weld', 'grind']))
    expect(await outcomeOf(site)).toMatchObject({ visits: [{ stage: 'weld' }, { stage: 'grind' }], quarantined: [] })
    await site.close()
  })
})

const rawEvent = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('stage.entered'),
      stage: fc.constantFrom('cut', 'weld', 'paint', 'polish'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('order.placed', 'order.changed'),
      data: fc.constantFrom({ process: 'making' }, { process: 'welding' }, { process: 'nowhere' }, {}),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('stage.entered'),
      stage: fc.constantFrom('cut', 'weld'),
      data: fc.constantFrom({ process: 'making' }, { process: 'welding' }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('event.voided'),
      data: fc.nat(9).map((n) => ({ source: 'test', id: `e${n}` })),
    }),
  },
)
const log = fc
  .array(fc.tuple(rawEvent, fc.nat(12), fc.constantFrom('SO-1', 'SO-1', 'SO-2')), { minLength: 2, maxLength: 10 })
  .map((drawn) => drawn.map(([raw, minute, order], i) => event(i, raw.type, minute, { ...raw, order })))

it('orders, visits, stages and quarantine are the same for every order of arrival and every division into requests', async () => {
  await fc.assert(
    fc.asyncProperty(
      log.chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray(events, { minLength: events.length }),
          fc.array(fc.boolean(), { minLength: events.length, maxLength: events.length }),
        ),
      ),
      fc.boolean(),
      async ([events, shuffled, cuts], isOpen) => {
        const processes = [processOf('making', ['cut', 'paint'], isOpen), processOf('welding', ['weld', 'paint'])]
        const together = await siteWith(...processes)
        await send(together, events)
        const apart = await siteWith(...processes)
        let batch: Raw[] = []
        for (const [i, raw] of shuffled.entries()) {
          batch.push(raw)
          if (!cuts[i] && i < shuffled.length - 1) continue
          await send(apart, batch)
          batch = []
        }
        expect(await outcomeOf(apart)).toEqual(await outcomeOf(together))
        await together.close()
        await apart.close()
      },
    ),
    { numRuns },
  )
})
