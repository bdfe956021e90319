import type { Queryable } from '@stagewatch/db/database.ts'
import type { OrderDetail, OrderVisit } from '@stagewatch/shared/contract/orders.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { arrivedAt } from '@stagewatch/shared/domain/arrived-at.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { visitTimes } from '@stagewatch/shared/domain/visit-times.ts'
import { AppError } from '../app-error.ts'
import { headOf } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { loadOrders } from '../fold/load-orders.ts'
import { dueHistory } from './due-history.ts'
import { loadOrderEvents } from './load-order-events.ts'
import { summarize } from './order-summary.ts'
import { privateDetail } from './private-order.ts'
import { seenOrder } from './seen-order.ts'

export interface OrderQuestion {
  readonly site: string
  readonly engine: LiveEngine
  readonly now: number
  readonly audience: Audience
}

/** Everything about one order that somebody may see. @throws AppError `not_found`. */
export async function describeOrder(
  db: Queryable,
  { site, engine, now, audience }: OrderQuestion,
  order: string,
): Promise<Omit<OrderDetail, 'asOf' | 'position'>> {
  const events = await loadOrderEvents(db, site, order)
  const [stored] = await loadOrders(db, site, [order])
  const seen = stored?.state && seenOrder(stored.state, events, audience.departments)
  if (stored?.state === undefined || seen === undefined) {
    throw new AppError('not_found', 'there is no such order', { field: 'order' })
  }
  const { state, process } = stored
  // Only the last visit can be open, and it is there only if it is seen.
  const isHere = state.visits.length > 0 && seen.visits.at(-1)?.leftAt === undefined
  const { firstAt, lastEventAt, reopenedCount, complaintCount } = state
  const detail = {
    ...summarize(
      { head: headOf(state), process: engine.ledgerOfProcess(process), arrivedAt: arrivedAt(state) },
      isHere ? engine.open.get(engine.order(order)?.openSlot) : undefined,
      now,
    ),
    firstAt,
    lastEventAt,
    reopenedCount,
    complaintCount,
    visits: seen.visits.map((visit) => describeVisit(visit, state, process, engine, now)),
    dueHistory: isHere ? await dueHistory(db, site, stored, engine, events) : [],
    events: [...seen.events],
  }
  return privateDetail(detail, audience.privacy)
}

function describeVisit(
  visit: StageVisit,
  state: FoldedOrder,
  process: string,
  engine: LiveEngine,
  now: number,
): OrderVisit {
  const { heldSince: _heldSince, heldMs: _heldMs, waits: _waits, ...rest } = visit
  const terms = engine.rules.termsOf(process, visit, state.facts)
  const { total, held, waiting, working, unsaid, causes, overdue, overdueBy, dueAt } = visitTimes(
    visit,
    state,
    terms,
    now,
  )
  const { targetMs, rule, byPromise } = terms
  const waitingIsKnown = visit.startedAt !== undefined || waiting.elapsedMs > 0
  return {
    ...rest,
    ...total,
    name: (engine.process(process)?.stage(visit.stage)?.definition ?? plainStage(visit.stage)).name,
    heldMs: held.elapsedMs,
    times: { held, waiting, working, unsaid },
    waits: [...causes].map(([cause, part]) => ({ cause, ...part })),
    ...(waitingIsKnown && { waitingMs: waiting.elapsedMs }),
    ...(targetMs !== undefined && { targetMs, overdueMs: overdue.workingMs }),
    ...(rule !== undefined && { rule }),
    ...(byPromise && { byPromise }),
    ...(dueAt !== undefined && !(visit.leftAt !== undefined && dueAt > visit.leftAt) && { dueAt }),
    overdueBy: [...overdueBy],
  }
}
