import type { BottleneckStage } from '@stagewatch/shared/domain/bottleneck.ts'
import { chooseBottleneck } from '@stagewatch/shared/domain/bottleneck.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { isOpen } from '@stagewatch/shared/domain/stage-visit.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import { visitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { VisitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { SampleReport } from '../event-writer.ts'
import { plantProcess } from '../plant-definition.ts'
import { dayMs } from '../plant-time.ts'

/** The figures that the wall would show for the reported events at one instant. */
export interface PlantFigures {
  readonly at: number
  readonly openCount: number
  readonly overdueCount: number
  /** Overdue orders without an owner. */
  readonly unclaimedCount: number
  readonly atRiskCount: number
  readonly stalledCount: number
  /** Orders placed, signed, and signed by their promised time in the last 24 h. */
  readonly placedCount: number
  readonly signedCount: number
  readonly onTimeCount: number
  /** Median over the orders signed in the last 7 days; undefined if there are none. */
  readonly leadTimeMs: number | undefined
  /** Undefined if no stage is highlighted. */
  readonly bottleneck: string | undefined
  readonly stages: readonly BottleneckStage[]
}

/** Number of days over which the lead time is computed. */
const signedDays = 7

/** An open order in a stage. */
interface Standing {
  readonly visit: StageVisit
  readonly status: VisitStatus
}

/** Folds the reports and yields the figures at each of the instants, which must be ascending. */
export function* plantFigures(reports: Iterable<SampleReport>, instants: readonly number[]): Generator<PlantFigures> {
  const logs = new Map<string, OrderEvent[]>()
  const orders = new Map<string, FoldedOrder>()
  const source = reports[Symbol.iterator]()
  let next = source.next()
  for (const at of instants) {
    const touched = new Set<string>()
    for (; next.done !== true && next.value.reportedAt <= at; next = source.next()) {
      const { event } = next.value
      logs.set(event.order, [...(logs.get(event.order) ?? []), event])
      touched.add(event.order)
    }
    for (const order of touched) {
      const folded = foldOrder(order, logs.get(order) ?? [], { isTerminal: () => false })
      if (folded !== undefined) orders.set(order, folded)
    }
    for (const [order, { endedAt = at }] of orders) if (endedAt < at - signedDays * dayMs) orders.delete(order)
    yield figuresAt(at, [...orders.values()])
  }
}

function figuresAt(at: number, orders: readonly FoldedOrder[]): PlantFigures {
  const standings = orders.flatMap((order) => standingsAt(at, order))
  const countOf = (matches: (standing: Standing) => boolean): number => standings.filter(matches).length
  const signed = orders.filter(({ status, endedAt = 0 }) => status === 'completed' && endedAt > at - signedDays * dayMs)
  const signedLately = signed.filter(({ endedAt = 0 }) => endedAt > at - dayMs)
  const leadTimes = signed.map(({ endedAt = 0, placedAt = 0 }) => endedAt - placedAt).toSorted((a, b) => a - b)
  const stages = stagesAt(at, orders, standings)
  return {
    at,
    openCount: orders.filter(({ status }) => status === 'open').length,
    overdueCount: countOf(({ status }) => status.overdue),
    unclaimedCount: countOf(({ status, visit }) => status.overdue && visit.owner === undefined),
    atRiskCount: countOf(({ status }) => status.atRisk),
    stalledCount: countOf(({ status }) => status.stalled),
    placedCount: orders.filter(({ placedAt = 0 }) => placedAt > at - dayMs).length,
    signedCount: signedLately.length,
    onTimeCount: signedLately.filter(({ endedAt = 0, attributes }) => endedAt <= (attributes.promisedAt ?? 0)).length,
    leadTimeMs: leadTimes[Math.floor(leadTimes.length / 2)],
    bottleneck: chooseBottleneck(stages, {}, at).holder,
    stages,
  }
}

function standingsAt(at: number, order: FoldedOrder): Standing[] {
  const visit = order.visits.at(-1)
  const limits = plantProcess.stages.find(({ code }) => code === visit?.stage)
  if (visit === undefined || limits === undefined || !isOpen(visit)) return []
  return [{ visit, status: visitStatus(visit, order, { ...limits, calendar: alwaysOpen }, at) }]
}

function stagesAt(at: number, orders: readonly FoldedOrder[], standings: readonly Standing[]): BottleneckStage[] {
  const from = at - dayMs
  const visits = orders.flatMap((order) => order.visits).filter(({ leftAt = at }) => leftAt >= from)
  return plantProcess.stages.map(({ code, toleranceRatio }) => {
    const here = standings.filter(({ visit }) => visit.stage === code)
    const passing = visits.filter(({ stage }) => stage === code)
    const recentArrivals = passing.filter(({ enteredAt }) => enteredAt >= from).length
    return {
      stage: code,
      wipCount: here.length,
      overdueCount: here.filter(({ status }) => status.overdue).length,
      toleranceRatio,
      recentArrivals,
      recentNet: recentArrivals - passing.filter(({ leftAt }) => leftAt !== undefined).length,
    }
  })
}
