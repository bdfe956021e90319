import type { Queryable } from '@stagewatch/db/database.ts'
import { allVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { canAppend, evolveOrder, mayAppend } from '@stagewatch/shared/domain/evolve-order.ts'
import { correctionOf } from '@stagewatch/shared/domain/correction.ts'
import { compareEvents } from '@stagewatch/shared/domain/event-order.ts'
import { runToEnd } from '@stagewatch/shared/domain/run-to-end.ts'
import { foldSteps } from '@stagewatch/shared/domain/fold-order.ts'
import type { FoldRules } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { loadLogs } from '../log/load-events.ts'
import { inSlices, Slices } from '../platform/in-slices.ts'
import { saveCorrections } from './corrections-table.ts'
import type { OrderCorrection } from './corrections-table.ts'
import type { FoldCache, CachedFold } from './fold-cache.ts'
import { lateEvents, logBefore } from './late-events.ts'
import type { LockedOrder } from './lock-orders.ts'
import { saveOrders } from './save-orders.ts'
import type { FoldedChange } from './folded-change.ts'

/** More events than this are folded in slices. */
const longLog = 1_000

/** The processes of a site, as needed for folding. */
export interface ProcessRules {
  /** Process of an order whose events name none. */
  readonly defaultProcess: string
  rulesOf(process: string): FoldRules
}

/**
 * Folds the events that this transaction has just appended to the log into the tables of orders and visits. An event
 * that comes after all others of its order continues the cached fold without reading anything. In all other cases
 * (late, voided, not cached) the order is folded again from the log.
 * @param saved the rows of the orders, locked.
 * @throws StaleFoldError if another server instance has added one of the orders in the meantime.
 */
export async function foldOrders(
  tx: Queryable,
  site: string,
  added: readonly OrderEvent[],
  processes: ProcessRules,
  cache: FoldCache,
  saved: ReadonlyMap<string, LockedOrder>,
): Promise<FoldedChange[]> {
  const changes: FoldedChange[] = []
  const again = new Map<string, readonly OrderEvent[]>()
  const slices = new Slices()
  for (const [order, events] of Map.groupBy(added, (event) => event.order)) {
    if (slices.isUsedUp()) await slices.next()
    const continued = continueFold(cache.get(order), events, processes, saved.get(order))
    if (continued === undefined) again.set(order, events)
    else changes.push(continued)
  }
  const corrections: OrderCorrection[] = []
  const counts = [...again].flatMap(([order, events]) => {
    const row = saved.get(order)
    return row === undefined ? [] : [[order, row.eventCount + events.length] as const]
  })
  for await (const logs of loadLogs(tx, site, counts)) {
    for (const [order, log] of logs) {
      if (slices.isUsedUp()) await slices.next()
      const events = again.get(order) ?? []
      const savedEventCount = saved.get(order)?.eventCount ?? 0
      const { change, correction } = await foldLate(order, events, log, savedEventCount, processes, cache.get(order))
      changes.push(change)
      if (correction !== undefined) corrections.push(correction)
    }
  }
  for (const [order, events] of again) {
    // For an order without a row, the log has only the events that were just appended.
    if (saved.has(order)) continue
    if (slices.isUsedUp()) await slices.next()
    changes.push(await foldInSlices(order, events, 0, processes))
  }
  await saveOrders(tx, site, changes)
  await saveCorrections(tx, site, corrections)
  return changes
}

interface LateFold {
  readonly change: FoldedChange
  /** How late events changed counted results. Undefined if they changed none. */
  readonly correction?: OrderCorrection
}

/**
 * Folds an order again that already has a row.
 * @param log all its events, including those just appended.
 * @param savedEventCount number of events in the row.
 */
async function foldLate(
  order: string,
  added: readonly OrderEvent[],
  log: readonly OrderEvent[],
  savedEventCount: number,
  processes: ProcessRules,
  cached: CachedFold | undefined,
): Promise<LateFold> {
  const change = await foldInSlices(order, log, savedEventCount, processes)
  const isSaved = cached?.eventCount === savedEventCount && log.length === savedEventCount + added.length
  const was = isSaved ? cached : await foldBefore(order, added, log, savedEventCount, processes)
  if (was === undefined) return { change }
  // The row was folded from the same events with the same rules, so these are its visits.
  const savedVisits = savedEventCount === was.eventCount ? was.state && allVisits(was.state) : undefined
  const late = lateEvents(was.state, added)
  const difference = late.length === 0 ? undefined : correctionOf(was.state, change.state)
  if (difference === undefined) return { change: { ...change, savedVisits } }
  const events = late.map(({ source, id, type }) => ({ source, id, type }))
  return { change: { ...change, savedVisits }, correction: { order, process: change.process, events, ...difference } }
}
/** The order without the events just appended. Undefined if it had none before. */
async function foldBefore(
  order: string,
  added: readonly OrderEvent[],
  log: readonly OrderEvent[],
  savedEventCount: number,
  processes: ProcessRules,
): Promise<Pick<FoldedChange, 'state' | 'eventCount'> | undefined> {
  const before = logBefore(log, added)
  return before.length === 0 ? undefined : foldInSlices(order, before, savedEventCount, processes)
}

/** Undefined if there is no cached fold to continue. */
export function continueFold(
  cached: CachedFold | undefined,
  events: readonly OrderEvent[],
  processes: ProcessRules,
  row: Pick<LockedOrder, 'eventCount'> | undefined,
): FoldedChange | undefined {
  // Another server instance may have folded the order in the meantime.
  if (cached === undefined || cached.eventCount !== row?.eventCount) return undefined
  const [first, ...later] = events.toSorted(compareEvents)
  // All later events follow the first one, so they only need a check for voids.
  if (first === undefined || !canAppend(cached.state, first)) return undefined
  if (!later.every((event) => mayAppend(cached.state, event))) return undefined
  const state = evolveOrder(cached.state, [first, ...later], processes.rulesOf(cached.process))
  // Another process may have other terminal stages, so earlier events must be folded with its rules.
  if ((state.attributes.process ?? processes.defaultProcess) !== cached.process) return undefined
  return {
    order: state.order,
    process: cached.process,
    eventCount: cached.eventCount + events.length,
    savedEventCount: cached.eventCount,
    state,
    savedVisits: allVisits(cached.state),
  }
}

/** Folds an order from all its events, as if it had no row yet. */
export function foldAgain(order: string, log: readonly OrderEvent[], processes: ProcessRules): FoldedChange {
  return runToEnd(foldedChange(order, log, 0, processes))
}

/**
 * Folds an order from all its events, and yields to other work if it is long.
 * @param savedEventCount number of events in the order's row; 0 if it has none.
 */
export async function foldInSlices(
  order: string,
  log: readonly OrderEvent[],
  savedEventCount: number,
  processes: ProcessRules,
): Promise<FoldedChange> {
  const steps = foldedChange(order, log, savedEventCount, processes)
  return log.length > longLog ? inSlices(steps) : runToEnd(steps)
}

function* foldedChange(
  order: string,
  log: readonly OrderEvent[],
  savedEventCount: number,
  processes: ProcessRules,
): Generator<void, FoldedChange> {
  // The last event that names a process determines the rules for the whole order.
  const state = yield* foldSteps(order, log, (named) => processes.rulesOf(named ?? processes.defaultProcess))
  const process = state?.attributes.process ?? processes.defaultProcess
  const savedVisits = savedEventCount === 0 ? [] : undefined
  return { order, process, eventCount: log.length, savedEventCount, state, savedVisits }
}
