import { isOpen } from '@stagewatch/shared/domain/stage-visit.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { clockInstant, holdsDuring } from '@stagewatch/shared/domain/visit-clock.ts'
import type { EndedVisitReader } from '../../engine/ended-visit-reader.ts'
import type { EngineOrder } from '../../engine/engine-order.ts'
import type { LiveEngine } from '../../engine/live-engine.ts'

/** A time in which an order counted as being in a stage. Epoch ms. */
export interface PastSpan {
  /** Number of the stage. */
  readonly stage: number
  readonly from: number
  /** Infinity: it is still there. */
  readonly to: number
  readonly isLimited: boolean
  /** When the visit passed its limit. Undefined: it did not, or not yet. */
  readonly breachedAt: number | undefined
}

/** The engine, and a reader of its ended visits. */
export interface VisitSource {
  readonly engine: LiveEngine
  readonly reader: EndedVisitReader
}

/**
 * The stays of an order since an instant. As on the board, an order with concurrent activities is in the stage of the
 * one that began last.
 */
export function spansOf(
  { engine, reader }: VisitSource,
  order: EngineOrder,
  since: number,
  now: number,
): readonly PastSpan[] {
  const visits: PastSpan[] = []
  for (const place of order.ended) {
    if (!reader.read(place) || reader.leftAt < since) continue
    const { stage, enteredAt: from, leftAt: to, hasTarget: isLimited, breachedAt } = reader
    visits.push({ stage, from, to, isLimited, breachedAt })
  }
  for (const visit of order.state?.underWay?.map((activity) => activity.visit) ?? [])
    visits.push(...openSpan(engine, order, visit, now))
  const last = order.state?.visits.at(-1)
  if (last !== undefined && isOpen(last)) visits.push(...openSpan(engine, order, last, now))
  const isPlain = visits.every(({ from }, i) => i === 0 || (visits[i - 1]?.to ?? 0) <= from)
  return isPlain ? visits : oneAtATime(visits.toSorted((a, b) => a.from - b.from))
}

function openSpan(engine: LiveEngine, { process, state }: EngineOrder, visit: StageVisit, now: number): PastSpan[] {
  const stage = process.stage(visit.stage)
  if (state === undefined || stage === undefined) return []
  const { targetMs, calendar } = engine.rules.slaOf(process.definition.code, visit, state.attributes)
  const dueAt = targetMs === undefined ? undefined : clockInstant(visit, holdsDuring(state, visit), calendar, targetMs)
  return [
    {
      stage: stage.index,
      from: visit.enteredAt,
      to: Infinity,
      isLimited: targetMs !== undefined,
      breachedAt: dueAt !== undefined && dueAt <= now ? dueAt : undefined,
    },
  ]
}

/** The same visits without the times in which a later one was open. @param visits Ascending by `from`. */
function oneAtATime(visits: readonly PastSpan[]): PastSpan[] {
  const spans: PastSpan[] = []
  /** Open at `at`, the current one last. */
  const open: PastSpan[] = []
  let at = -Infinity
  const passUntil = (until: number): void => {
    for (let current = open.at(-1); current !== undefined && at < until; current = open.at(-1)) {
      const to = Math.min(current.to, until)
      if (to > at) spans.push({ ...current, from: Math.max(current.from, at), to })
      at = Math.max(at, to)
      if (current.to <= at) open.pop()
    }
    at = until
  }
  for (const visit of visits) {
    passUntil(visit.from)
    open.push(visit)
  }
  passUntil(Infinity)
  return spans
}
