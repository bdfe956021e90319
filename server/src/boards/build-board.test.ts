import type { HeatCell, StageColumn } from '@stagewatch/shared/contract/board.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { withVersion } from '@stagewatch/shared/domain/process-history.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import { arbitraryHistory, historySpanMs } from '../engine/testing/arbitrary-history.ts'
import type { Arrival } from '../engine/testing/arbitrary-history.ts'
import { foldAgain } from '../projection/fold-orders.ts'
import { stageStatistics } from '../query/stage-stats.ts'
import { boardOf, repair, shipping } from './testing/board-of.ts'
import { contradictions } from './testing/contradictions.ts'

const hourMs = 3_600_000
const halfOfThem = { ...costlyPropertyRuns, numRuns: costlyPropertyRuns.numRuns / 2 }
const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const rules = {
  defaultProcess: 'default',
  rulesOf: (code: string) => ({ isTerminal: (stage: string) => code === 'default' && stage === 'shipped' }),
}

/** An engine together with the log that feeds it. */
class Site {
  readonly engine: LiveEngine
  readonly #logs = new Map<string, Map<string, OrderEvent>>()
  now: number

  constructor(now: number, maxVisits?: number) {
    this.now = now
    this.engine = new LiveEngine('Asia/Shanghai', maxVisits)
    this.define(shipping)
    this.define(repair)
  }

  /** Corrects a process, or adds a version of it. */
  define(definition: ProcessDefinition, validFrom?: number): void {
    const history = this.engine.rules.history(definition.code) ?? [{ definition }]
    const version = validFrom === undefined ? { definition } : { definition, validFrom }
    if (this.engine.setProcess(withVersion(history, version), this.now)) this.#reevaluate()
  }

  calendars(calendars: SiteCalendars): void {
    this.engine.setCalendars(calendars)
    this.#reevaluate()
  }

  #reevaluate(): void {
    this.engine.reevaluateOpenOrders(this.now).toArray()
    for (const [order, log] of this.#logs) this.#apply(order, log, this.engine)
  }

  advanceTo(now: number): void {
    this.now = now
    this.engine.advance(now)
  }

  receive({ waitMs, events }: Arrival): void {
    this.advanceTo(this.now + waitMs)
    for (const event of events) {
      const log = this.#logs.get(event.order) ?? new Map<string, OrderEvent>()
      log.set(eventIdentity(event.source, event.id), event)
      this.#logs.set(event.order, log)
      this.#apply(event.order, log, this.engine)
      if (this.engine.isFull) this.engine.evictOldest().toArray()
    }
  }

  /** What a newly started server would hold. */
  rebuilt(): Site {
    const site = new Site(this.now)
    for (const code of ['default', 'repair'])
      for (const { definition, validFrom } of this.engine.rules.history(code) ?? []) site.define(definition, validFrom)
    site.calendars(this.engine.rules.calendars)
    site.engine.ended.startAt(this.engine.ended.startsAt)
    for (const [order, log] of this.#logs) this.#apply(order, log, site.engine)
    return site
  }

  #apply(order: string, log: ReadonlyMap<string, OrderEvent>, engine: LiveEngine): void {
    const { process, state, eventCount } = foldAgain(order, [...log.values()], rules)
    engine.apply(order, process, state, eventCount, this.now)
  }
}

async function everything({ engine, now }: Site): Promise<unknown> {
  return {
    boards: ['default', 'repair'].map((process) => boardOf(engine, process, now)),
    statistics: await stageStatistics(engine, {}, now),
    nextChangeAt: engine.nextChangeAt(),
  }
}

describe('the board of a live engine', () => {
  const history = arbitraryHistory(beginAt, ['default', 'repair'])

  it('equals that of an engine rebuilt from the log, whatever came in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (arrivals) => {
        const live = new Site(beginAt)
        for (const arrival of arrivals) live.receive(arrival)
        expect(await everything(live)).toEqual(await everything(live.rebuilt()))
      }),
      costlyPropertyRuns,
    )
  })

  it('equals that of a rebuilt one when the process had other stages and limits before', async () => {
    const before = {
      ...shipping,
      stages: [plainStage('inspection'), ...shipping.stages.toReversed().map(withoutLimits)],
    }
    await fc.assert(
      fc.asyncProperty(history, fc.nat(40), async (arrivals, changedAfter) => {
        const live = new Site(beginAt)
        live.define(before)
        for (const [i, arrival] of arrivals.entries()) {
          if (i === changedAfter) live.define(shipping)
          live.receive(arrival)
        }
        live.define(shipping)
        expect(await everything(live)).toEqual(await everything(live.rebuilt()))
      }),
      halfOfThem,
    )
  })

  it('equals that of a rebuilt engine with the same start of memory, whatever arrived for evicted orders', async () => {
    let forgotten = 0
    await fc.assert(
      fc.asyncProperty(history, async (arrivals) => {
        const live = new Site(beginAt, 4)
        for (const arrival of arrivals) live.receive(arrival)
        expect(live.engine.ended.finished.size).toBeLessThanOrEqual(4)
        expect(await everything(live)).toEqual(await everything(live.rebuilt()))
        forgotten += Number(live.engine.ended.startsAt > -Infinity)
      }),
      halfOfThem,
    )
    expect(forgotten).toBeGreaterThan(3)
  })

  it('equals that of a rebuilt one when a calendar, a version and rules for some orders came in between', async () => {
    const office = new SiteCalendars([plantCalendar({})], { departments: { east: 'plant' } })
    const [picking, ...others] = shipping.stages
    const targets = [{ when: { customerClass: ['A'], quantity: { from: 3 } }, targetMs: hourMs }]
    const later = { ...shipping, stages: [{ ...picking!, targets, promiseLeadMs: hourMs }, ...others] }
    await fc.assert(
      fc.asyncProperty(history, fc.nat(40), fc.nat(40), fc.nat(40), async (arrivals, opened, versioned, validFor) => {
        const live = new Site(beginAt)
        for (const [i, arrival] of arrivals.entries()) {
          if (i === opened) live.calendars(office)
          if (i === versioned) live.define(later, beginAt + validFor * hourMs)
          live.receive(arrival)
        }
        expect(await everything(live)).toEqual(await everything(live.rebuilt()))
      }),
      halfOfThem,
    )
  })
})

describe('the shift of a board', () => {
  const evening = Date.parse('2026-11-20T18:30:00+08:00')
  const morning = Date.parse('2026-11-20T09:13:00+08:00')
  const office = new SiteCalendars([plantCalendar({})], { departments: {} })
  const [picking, ...others] = shipping.stages

  it('is over when every stage that has a calendar rests, whatever works around the clock', () => {
    const site = new Site(beginAt)
    site.calendars(office)
    site.define({ ...shipping, stages: [{ ...picking!, calendar: 'plant' }, ...others] })
    expect(boardOf(site.engine, 'default', morning).offShift).toBe(false)
    expect(boardOf(site.engine, 'default', evening).offShift).toBe(true)
  })

  it('is never over without a calendar', () => {
    expect(boardOf(new Site(beginAt).engine, 'default', evening).offShift).toBe(false)
  })
})

describe('the numbers of a board', () => {
  const history = arbitraryHistory(beginAt - historySpanMs, ['default'])

  it('reconcile with each other at every moment', () => {
    fc.assert(
      fc.property(history, (arrivals) => {
        const site = new Site(beginAt)
        for (const arrival of arrivals) {
          site.receive(arrival)
          expect(contradictions(boardOf(site.engine, 'default', site.now))).toEqual([])
          expect(wipByDay(site)).toEqual(wipNow(site))
        }
      }),
      halfOfThem,
    )
  })

  it('are the newest row of the heat map when the hour turns, and stay in it', () => {
    fc.assert(
      fc.property(history, (arrivals) => {
        const site = new Site(beginAt)
        for (const arrival of arrivals) site.receive(arrival)
        const firstHour = Math.ceil(site.now / hourMs)
        const boards = [0, 1, 2, 3, 4, 5].map((hours) => {
          site.advanceTo((firstHour + hours) * hourMs)
          return boardOf(site.engine, 'default', site.now)
        })
        const { marks, cells } = boards.at(-1)!.heatmap
        expect(marks).toEqual(boards.map((board) => board.asOf).toReversed())
        for (const [stage, row] of Object.entries(cells))
          expect(row).toEqual(boards.map(({ stages }) => countsOf(stages[stage]!)).toReversed())
        for (const { trend, kpis } of boards) expect(trend.today.at(-1)).toBe(kpis.overdue.count)
      }),
      halfOfThem,
    )
  })
})

describe('the ceiling of the overdue orders', () => {
  const entered = (order: number): Arrival => ({
    waitMs: 0,
    events: [
      {
        source: 'test',
        id: String(order),
        type: 'stage.entered',
        order: `SO-${order}`,
        stage: 'picking',
        occurredAt: beginAt,
        data: {},
      },
    ],
  })
  const ceilingOf = (orders: number, process: ProcessDefinition) => {
    const site = new Site(beginAt)
    site.define(process)
    for (let order = 0; order < orders; order++) site.receive(entered(order))
    return boardOf(site.engine, 'default', site.now).kpis.overdue.ceiling
  }

  it('is the goal of the process', () => {
    expect(ceilingOf(40, shipping)).toBe(3)
  })

  it('is derived from the tolerances of the stages if the process has no goal, and at least one', () => {
    expect(ceilingOf(40, { ...shipping, goals: {} })).toBe(4)
    expect(ceilingOf(2, { ...shipping, goals: {} })).toBe(1)
  })
})

function countsOf({ wip, overdue }: StageColumn): HeatCell {
  return { wip, overdue }
}

function wipNow({ engine, now }: Site): Record<string, number> {
  const { stages } = boardOf(engine, 'default', now)
  return Object.fromEntries(Object.entries(stages).map(([stage, { wip }]) => [stage, wip]))
}

/** WIP at midnight + arrivals − departures of the day. */
function wipByDay({ engine, now }: Site): Record<string, number> {
  const { stages } = boardOf(engine, 'default', now)
  const aggregatesList = engine.process('default')?.stages ?? []
  return Object.fromEntries(
    aggregatesList.map(({ definition: { code }, wipBuckets }) => {
      const { arrivalsToday, departuresToday } = stages[code]!
      return [code, wipBuckets.valueAt(engine.days.startOf(now)) + arrivalsToday - departuresToday]
    }),
  )
}

function withoutLimits({
  targetMs: _targetMs,
  stallAfterMs: _stallAfterMs,
  ...stage
}: (typeof shipping.stages)[number]): StageDefinition {
  return stage
}
