import { setImmediate } from 'node:timers/promises'
import type { Queryable } from '@stagewatch/db/database.ts'
import { canAppend, evolveOrder, mayAppend } from '@stagewatch/shared/domain/evolve-order.ts'
import { correctionOf } from '@stagewatch/shared/domain/correction.ts'
import { compareEvents } from '@stagewatch/shared/domain/event-order.ts'
import { finished } from '@stagewatch/shared/domain/finished.ts'
import { foldSteps } from '@stagewatch/shared/domain/fold-order.ts'
import type { FoldRules } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { loadLogs } from '../log/load-events.ts'
import { inSlices } from '../platform/in-slices.ts'
import { saveCorrections } from './corrections-table.ts'
import type { OrderCorrection } from './corrections-table.ts'
import type { FoldCache, CachedFold } from './fold-cache.ts'
import { lateEvents, logBefore } from './late-events.ts'
import type { LockedOrder } from './lock-orders.ts'
import { saveOrders } from './save-orders.ts'
import type { FoldedChange } from './folded-change.ts'

/** More events than this are folded in slices. */
const longLog = 1_000

/** What folding must know of the site's processes. */
export interface ProcessRules {
  /** Process of an order whose events name none. */
  readonly defaultProcess: string
  rulesOf(process: string): FoldRules
}

/**
 * Folds events that this transaction has just added to the log into the tables of orders and visits.
 * An event that comes after all others of its order continues the cached fold, without reading anything. Anything
 * else (late, voided, not cached) folds the order again from the log.
 * @param saved the rows of the orders, locked.
 * @throws StaleFoldError when another server instance has added one of the orders meanwhile.
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
  let folded = 0
  for (const [order, events] of Map.groupBy(added, (event) => event.order)) {
    folded = await turnAfter(folded, events.length)
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
      const events = again.get(order) ?? []
      const savedEventCount = saved.get(order)?.eventCount ?? 0
      const { change, correction } = await foldLate(order, events, log, savedEventCount, processes, cache.get(order))
      changes.push(change)
      if (correction !== undefined) corrections.push(correction)
    }
  }
  for (const [order, events] of again) {
    // Of an order without a row the log holds nothing but what was just added.
    if (saved.has(order)) continue
    folded = await turnAfter(folded, events.length)
    changes.push(await foldInSlices(order, events, 0, processes))
  }
  await saveOrders(tx, site, changes)
  await saveCorrections(tx, site, corrections)
  return changes
}

/** Lets everything else have its turn when enough events were folded since the last one. @returns how many since. */
async function turnAfter(folded: number, more: number): Promise<number> {
  if (folded < longLog) return folded + more
  await setImmediate()
  return more
}

interface LateFold {
  readonly change: FoldedChange
  /** What late ones among the added events changed of what had been counted; undefined: nothing. */
  readonly correction?: OrderCorrection
}

/**
 * Folds an order again of which the tables hold a row.
 * @param log all of its events, those that were just added included.
 * @param savedEventCount events that the row contains.
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
  // The row was folded from the same events by the same rules, so its visits are these.
  const savedVisits = savedEventCount === was.eventCount ? was.state?.visits : undefined
  const late = lateEvents(was.state, added)
  const difference = late.length === 0 ? undefined : correctionOf(was.state, change.state)
  if (difference === undefined) return { change: { ...change, savedVisits } }
  const events = late.map(({ source, id, type }) => ({ source, id, type }))
  return { change: { ...change, savedVisits }, correction: { order, process: change.process, events, ...difference } }
}
/** The order without what was just added; undefined: it had no events. */
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

/** Undefined: there is no cached fold that could be continued. */
export function continueFold(
  cached: CachedFold | undefined,
  events: readonly OrderEvent[],
  processes: ProcessRules,
  row: Pick<LockedOrder, 'eventCount'> | undefined,
): FoldedChange | undefined {
  // Another server instance may have folded the order meanwhile.
  if (cached === undefined || cached.eventCount !== row?.eventCount) return undefined
  const [first, ...later] = events.toSorted(compareEvents)
  // All come after the first one. What they take back is not gone into, unless a void is among them.
  if (first === undefined || !canAppend(cached.state, first)) return undefined
  if (!later.every((event) => mayAppend(cached.state, event))) return undefined
  const state = evolveOrder(cached.state, [first, ...later], processes.rulesOf(cached.process))
  // Another process may have other terminal stages, so what came before has to be folded by its rules.
  if ((state.attributes.process ?? processes.defaultProcess) !== cached.process) return undefined
  return {
    order: state.order,
    process: cached.process,
    eventCount: cached.eventCount + events.length,
    savedEventCount: cached.eventCount,
    state,
    savedVisits: cached.state.visits,
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
  return finished(foldedChange(order, log, savedEventCount, processes))
}

/** The same, letting everything else have its turn when the order is long. */
export async function foldInSlices(
  order: string,
  log: readonly OrderEvent[],
  savedEventCount: number,
  processes: ProcessRules,
): Promise<FoldedChange> {
  const steps = foldedChange(order, log, savedEventCount, processes)
  return log.length > longLog ? inSlices(steps) : finished(steps)
}

function* foldedChange(
  order: string,
  log: readonly OrderEvent[],
  savedEventCount: number,
  processes: ProcessRules,
): Generator<void, FoldedChange> {
  // The last word on the process decides by whose rules the whole order is folded.
  const state = yield* foldSteps(order, log, (named) => processes.rulesOf(named ?? processes.defaultProcess))
  const process = state?.attributes.process ?? processes.defaultProcess
  const savedVisits = savedEventCount === 0 ? [] : undefined
  return { order, process, eventCount: log.length, savedEventCount, state, savedVisits }
}
