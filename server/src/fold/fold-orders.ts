import type { Queryable } from '@stagewatch/db/database.ts'
import { canAppend, evolveOrder } from '@stagewatch/shared/domain/evolve-order.ts'
import { correctionOf } from '@stagewatch/shared/domain/correction.ts'
import { compareEvents } from '@stagewatch/shared/domain/event-order.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { FoldRules, FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { loadEvents } from '../log/load-events.ts'
import { saveCorrections } from './corrections-table.ts'
import type { OrderCorrection } from './corrections-table.ts'
import type { FoldCache, RememberedFold } from './fold-cache.ts'
import { lateEvents, logBefore } from './late-events.ts'
import { lockOrders } from './lock-orders.ts'
import { saveOrders } from './save-orders.ts'
import type { FoldedChange } from './folded-change.ts'

/** What folding must know of the site's processes. */
export interface ProcessRules {
  /** Process of an order whose events name none. */
  readonly defaultProcess: string
  rulesOf(process: string): FoldRules
}

/**
 * Folds events that this transaction has just added to the log into the tables of orders and visits.
 * An event that comes after all others of its order continues the remembered fold, without reading anything: the
 * write tells when another process was faster. Anything else (late, voided, not remembered) folds the order again
 * from the log, behind a lock.
 * @throws StaleFoldError when a remembered fold was behind the tables.
 */
export async function foldOrders(
  tx: Queryable,
  site: string,
  added: readonly OrderEvent[],
  processes: ProcessRules,
  cache: FoldCache,
): Promise<FoldedChange[]> {
  const changes: FoldedChange[] = []
  const again = new Map<string, readonly OrderEvent[]>()
  for (const [order, events] of Map.groupBy(added, (event) => event.order)) {
    const continued = continueFold(cache.get(order), events, processes)
    if (continued === undefined) again.set(order, events)
    else changes.push(continued)
  }
  const saved = await lockOrders(tx, site, [...again.keys()])
  const logs = await loadEvents(tx, site, [...saved.keys()])
  const corrections: OrderCorrection[] = []
  for (const [order, events] of again) {
    // Of an order without a row the log holds nothing but what was just added.
    const log = logs.get(order) ?? events
    const change = foldAgain(order, log, saved.get(order) ?? 0, processes)
    changes.push(change)
    const correction = correctionBy(events, log, change, processes)
    if (correction !== undefined) corrections.push(correction)
  }
  await Promise.all([saveOrders(tx, site, changes), saveCorrections(tx, site, corrections)])
  return changes
}

/** What late ones among the added events changed of what had been counted; undefined: nothing. */
function correctionBy(
  added: readonly OrderEvent[],
  log: readonly OrderEvent[],
  { order, process, state }: FoldedChange,
  processes: ProcessRules,
): OrderCorrection | undefined {
  const before = logBefore(log, added)
  const late = lateEvents(before, added)
  if (late.length === 0) return undefined
  const was = foldInProcess(order, before, processes).state
  const correction = correctionOf(was, state)
  return (
    correction && { order, process, events: late.map(({ source, id, type }) => ({ source, id, type })), ...correction }
  )
}

/** Undefined: there is no remembered fold that could be continued. */
function continueFold(
  remembered: RememberedFold | undefined,
  events: readonly OrderEvent[],
  processes: ProcessRules,
): FoldedChange | undefined {
  if (remembered === undefined) return undefined
  const rules = processes.rulesOf(remembered.process)
  let state = remembered.state
  for (const event of events.toSorted(compareEvents)) {
    if (!canAppend(state, event)) return undefined
    state = evolveOrder(state, event, rules)
  }
  // Another process may have other terminal stages, so what came before has to be folded by its rules.
  if ((state.facts.process ?? processes.defaultProcess) !== remembered.process) return undefined
  return {
    order: state.order,
    process: remembered.process,
    eventCount: remembered.eventCount + events.length,
    savedEventCount: remembered.eventCount,
    state,
    unchangedVisits: sameStart(remembered.state.visits, state.visits),
    savedVisits: remembered.state.visits.length,
  }
}

/**
 * Folds an order from all its events.
 * @param savedEventCount events that the order's row contains; 0: it has none.
 */
export function foldAgain(
  order: string,
  log: readonly OrderEvent[],
  savedEventCount: number,
  processes: ProcessRules,
): FoldedChange {
  const { process, state } = foldInProcess(order, log, processes)
  const savedVisits = savedEventCount === 0 ? 0 : undefined
  return { order, process, eventCount: log.length, savedEventCount, state, unchangedVisits: 0, savedVisits }
}

/** The last word on the process decides by whose rules the whole order is folded, so it is found first. */
function foldInProcess(
  order: string,
  log: readonly OrderEvent[],
  processes: ProcessRules,
): { process: string; state: FoldState | undefined } {
  const state = foldOrder(order, log, processes.rulesOf(processes.defaultProcess))
  const process = state?.facts.process ?? processes.defaultProcess
  if (process === processes.defaultProcess) return { process, state }
  return { process, state: foldOrder(order, log, processes.rulesOf(process)) }
}

function sameStart(before: readonly StageVisit[], after: readonly StageVisit[]): number {
  let same = 0
  while (same < before.length && before[same] === after[same]) same += 1
  return same
}
