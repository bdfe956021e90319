import type { Queryable } from '@stagewatch/db/database.ts'
import type { OrderDetail, OrderVisit } from '@stagewatch/shared/contract/orders.ts'
import { clockMs } from '@stagewatch/shared/domain/stage-visit.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { AppError } from '../app-error.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageLedger } from '../engine/stage-ledger.ts'
import { loadOrderEvents } from './load-order-events.ts'
import { summarize } from './order-summary.ts'

/** Everything about one order. @throws AppError `not_found`. */
export async function describeOrder(
  db: Queryable,
  site: string,
  engine: LiveEngine,
  order: string,
  now: number,
): Promise<Omit<OrderDetail, 'asOf' | 'position'>> {
  const events = await loadOrderEvents(db, site, order)
  const counted = engine.order(order)
  if (counted === undefined) throw new AppError('not_found', 'there is no such order', { field: 'order' })
  const { firstAt, lastEventAt, reopenedCount, complaintCount } = counted.state
  return {
    ...summarize(counted, engine.open.get(counted.openSlot), now),
    firstAt,
    lastEventAt,
    reopenedCount,
    complaintCount,
    visits: visitsOf(counted, engine, now),
    events,
  }
}

function visitsOf({ ended, openSlot }: EngineOrder, engine: LiveEngine, now: number): OrderVisit[] {
  const current = engine.open.get(openSlot)
  const visits = current === undefined ? ended : [...ended, current]
  return visits.map(({ visit, ledger }) => describeVisit(visit, ledger, now))
}

function describeVisit(visit: StageVisit, { definition }: StageLedger, now: number): OrderVisit {
  const { heldSince, heldMs, startedAt, enteredAt, leftAt, ...rest } = visit
  const { targetMs } = definition
  const elapsedMs = Math.max(0, (leftAt ?? now) - enteredAt)
  return {
    ...rest,
    name: definition.name,
    enteredAt,
    elapsedMs,
    // Stages have no calendars.
    workingMs: elapsedMs,
    heldMs: heldMs + (heldSince === undefined ? 0 : Math.max(0, now - heldSince)),
    ...(leftAt !== undefined && { leftAt }),
    ...(startedAt !== undefined && { startedAt, waitingMs: Math.max(0, startedAt - enteredAt) }),
    ...(targetMs !== undefined && { targetMs, overdueMs: Math.max(0, clockMs(visit, now) - targetMs) }),
  }
}
