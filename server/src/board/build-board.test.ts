import type { Board } from '@stagewatch/shared/contract/board.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { arbitraryHistory, historySpanMs } from '../engine/testing/arbitrary-history.ts'
import type { Arrival } from '../engine/testing/arbitrary-history.ts'
import { foldAgain } from '../fold/fold-orders.ts'
import { stageStatistics } from '../query/stage-stats.ts'
import { boardOf, repair, shipping } from './testing/board-of.ts'
import { expectReconciled } from './testing/expect-reconciled.ts'

const hourMs = 3_600_000
const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const rules = {
  defaultProcess: 'default',
  rulesOf: (code: string) => ({ isTerminal: (stage: string) => code === 'default' && stage === 'shipped' }),
}

/** An engine with the log that it is fed from. */
class Site {
  readonly engine = new LiveEngine('Asia/Shanghai')
  readonly #logs = new Map<string, Map<string, OrderEvent>>()
  now: number

  constructor(now: number) {
    this.now = now
    this.engine.setProcess(shipping, now)
    this.engine.setProcess(repair, now)
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
    }
  }

  /** What a server that starts now would hold. */
  rebuilt(): Site {
    const site = new Site(this.now)
    for (const [order, log] of this.#logs) this.#apply(order, log, site.engine)
    return site
  }

  #apply(order: string, log: ReadonlyMap<string, OrderEvent>, engine: LiveEngine): void {
    const { process, state, eventCount } = foldAgain(order, [...log.values()], 0, rules)
    engine.apply(order, process, state, eventCount, this.now)
  }
}

async function everything({ engine, now }: Site): Promise<unknown> {
  return {
    boards: ['default', 'repair'].map((process) => boardOf(engine, process, now)),
    statistics: await stageStatistics(engine, {}),
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
      propertyRuns,
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
        live.engine.setProcess(before, beginAt)
        for (const [i, arrival] of arrivals.entries()) {
          if (i === changedAfter) live.engine.setProcess(shipping, live.now)
          live.receive(arrival)
        }
        live.engine.setProcess(shipping, live.now)
        expect(await everything(live)).toEqual(await everything(live.rebuilt()))
      }),
      { numRuns: propertyRuns.numRuns / 2 },
    )
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
          expectReconciled(boardOf(site.engine, 'default', site.now))
          expectDayReconciled(site)
        }
      }),
      { numRuns: propertyRuns.numRuns / 5 },
    )
  })

  it('are the newest row of the heat map when the hour turns, and stay in it', () => {
    fc.assert(
      fc.property(history, (arrivals) => {
        const site = new Site(beginAt)
        for (const arrival of arrivals) site.receive(arrival)
        let before: Board['heatmap'] | undefined
        const firstHour = Math.ceil(site.now / hourMs)
        for (let hour = firstHour; hour < firstHour + 8; hour++) {
          site.advanceTo(hour * hourMs)
          const board = boardOf(site.engine, 'default', site.now)
          expect(board.heatmap.marks[0]).toBe(site.now)
          expect(board.trend.today.at(-1)).toBe(board.kpis.overdue.count)
          for (const [stage, { wip, overdue }] of Object.entries(board.stages)) {
            expect(board.heatmap.cells[stage]?.[0]).toEqual({ wip, overdue })
            if (before !== undefined)
              expect(board.heatmap.cells[stage]?.slice(1)).toEqual(before.cells[stage]?.slice(0, -1))
          }
          before = board.heatmap
        }
      }),
      { numRuns: propertyRuns.numRuns / 5 },
    )
  })
})

/** In work now = in work at midnight + arrivals − departures, of every stage and of the process. */
function expectDayReconciled({ engine, now }: Site): void {
  const today = engine.days.startOf(now)
  const board = boardOf(engine, 'default', now)
  for (const ledger of engine.process('default')?.stages ?? []) {
    const column = board.stages[ledger.definition.code]!
    expect(ledger.wipMarks.valueAt(today) + column.arrivalsToday - column.departuresToday).toBe(column.wip)
  }
}

function withoutLimits({
  targetMs: _targetMs,
  stallAfterMs: _stallAfterMs,
  ...stage
}: (typeof shipping.stages)[number]) {
  return stage
}
