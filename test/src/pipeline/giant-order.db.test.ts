import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { foldAgain } from '@stagewatch/server/projection/fold-orders.ts'
import { loadEvents } from '@stagewatch/server/log/load-events.ts'
import { loadOrders } from '@stagewatch/server/projection/load-orders.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { EventData, EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { insertImport } from '@stagewatch/server/ingest/batches/imports-table.ts'
import { fileOptionsOf } from '@stagewatch/server/ingest/imports/file-options.ts'
import { importReport } from '@stagewatch/server/ingest/imports/import-report.ts'
import { importFile } from '@stagewatch/server/ingest/imports/import-file.ts'
import type { ImportMonitor } from '@stagewatch/server/ingest/imports/import-monitor.ts'
import { intakeSender } from '@stagewatch/server/ingest/imports/event-sender.ts'
import { surveyFile } from '@stagewatch/server/ingest/imports/survey-file.ts'
import { caseFile, skipWithoutCases } from '../harness/case-folder.ts'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-02T08:00:00+08:00')
const minuteMs = 60_000
/** More than one read or write handles, so that each of those loops repeats. */
const eventCount = 6_000
const stages = ['pick', 'pack', 'check'] as const

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

function entered(i: number, change: Partial<OrderEvent> = {}): OrderEvent {
  return {
    source: 'test',
    id: `e${i}`,
    type: 'stage.entered',
    order: 'SO-GIANT',
    stage: stages[i % stages.length]!,
    occurredAt: beginAt + i * minuteMs,
    data: {},
    ...change,
  }
}

/** An event of the order without a stage. */
function ofOrder(type: EventType, i: number, data: EventData): OrderEvent {
  const { stage: _, ...event } = entered(i)
  return { ...event, id: `${type}-${i}`, type, data }
}

it('an order with thousands of events is the same after late, voided and renaming events as folded from scratch', async () => {
  const clock = new VirtualClock(beginAt + eventCount * minuteMs)
  const live = await openSite({ database, clock, site: 'giant' })
  await submitEvents(
    live,
    Array.from({ length: eventCount }, (_, i) => entered(i)),
  )
  const late = entered(eventCount / 2, {
    id: 'late',
    stage: 'repair',
    occurredAt: beginAt + (eventCount / 2 + 0.5) * minuteMs,
  })
  await submitEvents(live, [late])
  await submitEvents(live, [ofOrder('event.voided', 0, { source: 'test', id: 'e100' })])
  await submitEvents(live, [ofOrder('order.changed', eventCount + 1, { customer: 'Aster' })])

  const log = (await loadEvents(database, 'giant', ['SO-GIANT'])).get('SO-GIANT') ?? []
  expect(log).toHaveLength(eventCount + 3)
  const folded = foldAgain('SO-GIANT', log, live.catalog)
  const [stored] = await loadOrders(database, 'giant', ['SO-GIANT'])
  expect(stored?.state?.visits).toEqual(folded.state?.visits)
  expect(stored?.state?.visits.filter(({ attributes }) => attributes !== undefined)).toHaveLength(
    folded.state!.visits.length - 1,
  )

  const scratch = new LiveEngine('Asia/Shanghai')
  for (const history of live.catalog.histories()) scratch.setProcess(history, clock.now())
  scratch.apply('SO-GIANT', folded.process, folded.state, folded.eventCount, clock.now())
  expect(live.engine.ended.finished.size).toBe(scratch.ended.finished.size)
  for (const { definition, visitCount } of live.engine.stages())
    expect([definition.code, visitCount]).toEqual([
      definition.code,
      scratch.stages().find((stage) => stage.definition.code === definition.code)?.visitCount,
    ])
  const [corrections] = await database.query<{ added: number }>(
    `select jsonb_array_length(added) as added from corrections where site = 'giant' order by id limit 1`,
  )
  expect(corrections?.added).toBeLessThanOrEqual(3)
  await live.close()
})

it('a late event of an order corrects the same whether its fold is remembered or has to be made', async () => {
  const clock = new VirtualClock(beginAt + 20 * minuteMs)
  const events = Array.from({ length: 10 }, (_, i) => entered(i))
  const last = entered(12, { id: 'withdrawn', stage: 'check' })
  const withdrawal = { ...ofOrder('event.voided', 0, { source: 'test', id: 'withdrawn' }), id: 'withdrawal' }
  // The second event is later than all valid ones, though not later than the voided one.
  const late = [entered(4, { id: 'late', stage: 'repair', occurredAt: beginAt + 4.5 * minuteMs }), entered(11)]
  const corrections: unknown[] = []
  for (const site of ['remembered', 'forgotten']) {
    let live = await openSite({ database, clock, site })
    await submitEvents(live, events)
    await submitEvents(live, [last])
    await submitEvents(live, [withdrawal])
    for (const event of late) {
      if (site === 'forgotten') {
        await live.close()
        live = await openSite({ database, clock, site })
      }
      await submitEvents(live, [event])
    }
    await live.close()
    corrections.push(
      await database.query(`select events, removed, added from corrections where site = $1 order by id`, [site]),
    )
  }
  expect(corrections[0]).toHaveLength(2)
  expect(corrections[1]).toEqual(corrections[0])
})

it(
  'a file with one number for all its rows is imported whole, and a late event keeps nobody waiting',
  { timeout: 600_000, ...skipWithoutCases() },
  async () => {
    const site = 'adjusted'
    const clock = new VirtualClock(Date.UTC(2026, 10, 26))
    const live = await openSite({ database, clock, site })
    const folded = countFolded(live)
    const file = { file: 'giant.csv.gz', hash: '0'.repeat(64), options: {} }
    const importId = await insertImport(database, site, file, 'ann', clock.now())
    const sender = intakeSender(live, importId, { name: 'ann', mayVoid: true }, () => clock.now())
    const surveyed = await surveyFile(fileOptionsOf(caseFile('giant-order', file.file), {}), nobody)
    const result = await importFile({ errorsPath: undefined }, sender, nobody, surveyed, caseStages)
    await surveyed.file.close()

    expect(result.breakOff).toBeUndefined()
    expect(result.tally.summary()).toMatchObject({ rows: 100_000, accepted: 100_000, duplicate: 0, rejected: 0 })
    const { remarks } = importReport({ dryRun: false }, result, undefined)
    expect(remarks).toContainEqual(
      expect.objectContaining({ code: 'crowded_orders', count: 1, params: { orders: 'ADJ-000: 100000' } }),
    )
    // Once when its rows are generated ahead, as if the order were new, and once to continue from its stored state.
    expect(folded.events).toBeLessThanOrEqual(200_000)
    const visits = await sameAsFoldedOnce(live)
    expect(visits).toHaveLength(100_000)
    expect(visits.slice(0, -1).every(({ enteredAt, leftAt }) => leftAt === enteredAt + caseStepMs)).toBe(true)
    expect(visitsByStage(live)).toEqual(Object.fromEntries(caseStages.map((stage) => [stage, 10_000])))

    folded.events = 0
    const next = { ...entered(0), order: 'ADJ-000', stage: 'A', occurredAt: clock.now() - minuteMs }
    for (let i = 0; i < 10; i++)
      await submitEvents(live, [{ ...next, id: `next-${i}`, occurredAt: next.occurredAt + i }])
    expect(folded.events).toBe(10)

    const late = { ...next, id: 'late', stage: 'repair', occurredAt: visits[50_000]!.enteredAt + caseStepMs / 2 }
    folded.events = 0
    const turns = await turnsDuring(() => submitEvents(live, [late]), folded)
    expect(turns.folded).toBeGreaterThanOrEqual(100_000)
    // A slice ends with its time, so a slower machine folds fewer in a turn; without slices, one turn folds them all.
    expect(turns.mostFolded).toBeLessThan(turns.folded / 4)
    expect(turns.count).toBeGreaterThan(40)
    const corrected = await sameAsFoldedOnce(live)
    expect(corrected[50_001]).toMatchObject({ stage: 'repair', nth: 1, enteredAt: late.occurredAt })
    expect(visitsByStage(live)).toMatchObject({ repair: 1, A: 10_001 })
    expect(live.engine.ended.finished.size).toBe(corrected.length - 1)
    await live.close()
  },
)

const caseStages = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J']
const caseStepMs = 200_000

const nobody: ImportMonitor = {
  openProgress: () => ({ update: () => {}, close: () => {} }),
  stopped: new AbortController().signal,
}

/** Counts the stage events that are folded: each looks up once whether its stage is terminal. */
function countFolded({ catalog }: SitePipeline): { events: number } {
  const counted = { events: 0 }
  const rulesOf = catalog.rulesOf.bind(catalog)
  vi.spyOn(catalog, 'rulesOf').mockImplementation((process) => {
    const rules = rulesOf(process)
    return {
      isTerminal(stage, at) {
        counted.events += 1
        return rules.isTerminal(stage, at)
      },
    }
  })
  return counted
}

/** The visits of the test's order; expects the stored ones to equal those from folding all its events at once. */
async function sameAsFoldedOnce({ catalog }: SitePipeline): Promise<readonly StageVisit[]> {
  const log = (await loadEvents(database, 'adjusted', ['ADJ-000'])).get('ADJ-000') ?? []
  const visits = foldAgain('ADJ-000', log, catalog).state?.visits ?? []
  const [stored] = await loadOrders(database, 'adjusted', ['ADJ-000'])
  expect(stored?.state?.visits).toEqual(visits)
  return visits
}

function visitsByStage({ engine }: SitePipeline): Record<string, number> {
  return Object.fromEntries(engine.stages().map(({ definition, visitCount }) => [definition.code, visitCount]))
}

interface Turns {
  /** Turns of the event loop during the work. */
  readonly count: number
  /** Events folded in all of them, and most in one. */
  readonly folded: number
  readonly mostFolded: number
}

async function turnsDuring(work: () => Promise<unknown>, counted: { readonly events: number }): Promise<Turns> {
  const begin = counted.events
  let before = begin
  let count = 0
  let mostFolded = 0
  const look = (): void => {
    mostFolded = Math.max(mostFolded, counted.events - before)
    before = counted.events
    count += 1
  }
  let timer: NodeJS.Immediate
  const turn = (): void => {
    look()
    timer = setImmediate(turn)
  }
  timer = setImmediate(turn)
  await work()
  clearImmediate(timer)
  look()
  return { count, folded: counted.events - begin, mostFolded }
}
