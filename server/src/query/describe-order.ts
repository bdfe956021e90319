import type { Queryable } from '@stagewatch/db/database.ts'
import type { OrderDetail, OrderVisit } from '@stagewatch/shared/contract/orders.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { orderForDepartments } from '@stagewatch/shared/domain/access/department-scope.ts'
import { arrivedAt, type FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { visitTimes } from '@stagewatch/shared/domain/visit-times.ts'
import { AppError } from '../platform/app-error.ts'
import { headOf } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { loadOrderPage, loadOrders } from '../projection/load-orders.ts'
import { dueHistory } from './due-history.ts'
import { loadOrderEvents, loadPromises } from './load-order-events.ts'
import { readEventsCursor, readVisitsCursor, writeEventsCursor } from './order-part-cursor.ts'
import { summarize } from './order-summary.ts'
import { representativeVisit } from './representative-visit.ts'
import { viewOfDetail } from './private-order.ts'
import { visibleOrder } from './visible-order.ts'
import type { StoredEvent } from './visible-order.ts'

/** Limit per visit, far above the number of owners of any real visit. */
const maxHandovers = 200

/** The requested part of a long order. */
export interface OrderPart {
  /** Maximum number of visits, and of events. */
  readonly limit: number
  readonly visitsCursor?: string | undefined
  readonly eventsCursor?: string | undefined
}

export interface OrderQuestion {
  readonly site: string
  readonly engine: LiveEngine
  readonly now: number
  readonly audience: Audience
  /** See `lastForeignVisitEnd`. */
  readonly lastForeignVisitEnd?: number | undefined
}

/**
 * Everything about one order that the audience may see, with one page of its visits and one of its events.
 * @throws AppError `not_found`, and `invalid_field` for an invalid cursor.
 */
export async function describeOrder(
  db: Queryable,
  { site, engine, now, audience, lastForeignVisitEnd }: OrderQuestion,
  order: string,
  { limit, visitsCursor, eventsCursor }: OrderPart,
): Promise<Omit<OrderDetail, 'asOf' | 'position'>> {
  const firstVisit = visitsCursor === undefined ? 0 : readVisitsCursor(visitsCursor)
  const after = eventsCursor === undefined ? undefined : readEventsCursor(eventsCursor)
  const { events, hasMore } = await loadOrderEvents(db, site, order, after, limit)
  // With access to the whole order, only the visits on the page are needed.
  const isWhole = audience.departments === undefined && lastForeignVisitEnd === undefined
  const part = isWhole ? await loadOrderPage(db, site, order, { from: firstVisit, limit }) : undefined
  const stored = isWhole ? part?.stored : (await loadOrders(db, site, [order]))[0]
  const seen =
    stored?.state &&
    visibleOrder(
      orderForDepartments(stored.state, audience.departments),
      events,
      audience.departments,
      lastForeignVisitEnd,
    )
  if (stored?.state === undefined || seen === undefined) {
    throw new AppError('not_found', 'there is no such order', { field: 'order' })
  }
  const { process } = stored
  const state = orderForDepartments(stored.state, audience.departments)
  const { visits, visitCount } = part?.page ?? {
    visits: seen.visits.slice(firstVisit, firstVisit + limit),
    visitCount: seen.visits.length,
  }
  // The order is in its last visit, which may not be visible.
  const isHere = state.visits.length > 0 && seen.visits.at(-1)?.leftAt === undefined
  // A caller with a department scope sees only the authors of changes by own events.
  const own = new Set(seen.events.filter(({ of }) => of === 'own').map(({ source, id }) => eventIdentity(source, id)))
  const named = {
    rules: audience.departments === undefined,
    event: ({ source, id }: Pick<StoredEvent, 'source' | 'id'>) =>
      audience.departments === undefined || own.has(eventIdentity(source, id)),
  }
  const { firstAt, lastEventAt, reopenedCount, complaintCount } = state
  const last = events.at(-1)
  const detail = {
    ...summarize(
      { head: headOf(state), process: engine.processAggregatesOf(process), arrivedAt: arrivedAt(state) },
      isHere
        ? representativeVisit(engine, engine.open.get(engine.order(order)?.openSlot), audience.departments, now)
        : undefined,
      now,
    ),
    firstAt,
    lastEventAt,
    reopenedCount,
    complaintCount,
    visits: visits.map((visit) => describeVisit(visit, state, process, engine, now)),
    visitCount,
    ...(visitCount > firstVisit + limit && { visitsCursor: String(firstVisit + limit) }),
    dueHistory: isHere
      ? await dueHistory(db, {
          site,
          engine,
          stored: { ...stored, state },
          events: await loadPromises(db, site, order),
          named,
        })
      : [],
    events: seen.events,
    ...(isHere && holdReasonsOf(engine, process, state)),
    ...(last !== undefined && hasMore && { eventsCursor: writeEventsCursor(last) }),
  }
  return viewOfDetail(detail, audience)
}

/** The hold reasons that are currently available in the order's stage. */
function holdReasonsOf(engine: LiveEngine, process: string, { visits }: FoldedOrder): Pick<OrderDetail, 'holdReasons'> {
  const stage = visits.at(-1)?.stage
  const holdReasons = stage === undefined ? undefined : engine.process(process)?.stage(stage)?.definition.holdReasons
  return holdReasons === undefined ? {} : { holdReasons }
}

function describeVisit(
  visit: StageVisit,
  state: FoldedOrder,
  process: string,
  engine: LiveEngine,
  now: number,
): OrderVisit {
  const {
    heldSince: _heldSince,
    heldMs: _heldMs,
    waits: _waits,
    progress: _progress,
    positions: _positions,
    attributes: _facts,
    handovers,
    ...rest
  } = visit
  const sla = engine.rules.slaOf(process, visit, state.attributes)
  const { total, held, waiting, working, unsaid, causes, overdue, overdueBy, dueAt } = visitTimes(
    visit,
    state,
    sla,
    now,
  )
  const { targetMs, rule, byPromise, byCutOff } = sla
  const waitingIsKnown = visit.startedAt !== undefined || waiting.elapsedMs > 0
  return {
    ...rest,
    ...(handovers !== undefined && { handovers: handovers.slice(-maxHandovers) }),
    ...total,
    name: (engine.process(process)?.stage(visit.stage)?.definition ?? plainStage(visit.stage)).name,
    heldMs: held.elapsedMs,
    times: { held, waiting, working, unsaid },
    waits: [...causes].map(([cause, part]) => ({ cause, ...part })),
    ...(waitingIsKnown && { waitingMs: waiting.elapsedMs }),
    ...(targetMs !== undefined && { targetMs, overdueMs: overdue.workingMs }),
    ...(rule !== undefined && { rule }),
    ...(byPromise && { byPromise }),
    ...(byCutOff && { byCutOff }),
    ...(dueAt !== undefined && !(visit.leftAt !== undefined && dueAt > visit.leftAt) && { dueAt }),
    overdueBy: [...overdueBy],
  }
}
