import type { OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import { otherOpenVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { nextStages } from '@stagewatch/shared/domain/next-stages.ts'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { loadOrders } from '../projection/load-orders.ts'
import { summarize } from '../query/order-summary.ts'
import { viewOfSummary } from '../query/private-order.ts'
import { representativeVisit } from '../query/representative-visit.ts'
import { textsOfOrders } from '../query/translatable-texts.ts'
import type { ActContext } from './desk-events.ts'
import { requireSeen } from './require-seen.ts'

/**
 * The data that somebody on the floor needs to report progress of an order.
 * @throws AppError `not_found`, also for an order of other departments.
 */
export async function describeProgress(
  caller: Caller,
  number: string,
  context: Pick<ActContext, 'pipeline' | 'database' | 'clock'>,
): Promise<OrderProgress> {
  const { pipeline, clock } = context
  const order = await requireSeen(caller, number, context)
  const now = clock.now()
  const audience = audienceOf(caller, pipeline.privacy.now)
  const { engine } = pipeline
  const current = representativeVisit(engine, engine.open.get(order.openSlot), audience.departments, now)
  const shown = viewOfSummary(summarize(order, current, now), audience)
  const process = order.process.definition
  const isBetween = current === undefined && order.head.status === 'open'
  const last = isBetween ? await lastStage(caller, order.head.order, context) : undefined
  const translations = pipeline.translations.of(textsOfOrders({ orders: [shown] }))
  const others = current === undefined ? [] : otherOpenVisits(current.state)
  const alongside = shown.alongside?.map((one) => {
    const startedAt = others.find((visit) => visit.stage === one.stage && visit.enteredAt === one.enteredAt)?.startedAt
    return { ...one, ...(startedAt !== undefined && { startedAt }) }
  })
  return {
    ...shown,
    ...(alongside !== undefined && { alongside }),
    ...(current?.visit.startedAt !== undefined && { startedAt: current.visit.startedAt }),
    ...(current?.sla.targetMs !== undefined && { targetMs: current.sla.targetMs }),
    ...(last !== undefined && { lastStage: last }),
    stages: process.stages.map(({ code, name, terminal, holdReasons = [] }) => ({
      stage: code,
      name,
      ...(terminal && { isEnd: terminal }),
      next: nextStages(process, code).map((way) => ({
        stage: way.stage.code,
        ...(way.isReturn && { isReturn: true }),
      })),
      holdReasons: holdReasons.map((reason) => reason.name),
      longestHoldsMs: holdReasons.map(({ maxMs }) => maxMs ?? null),
    })),
    ...(translations !== undefined && { translations }),
    asOf: now,
  }
}

/** The last stage of an order that is between stages. */
async function lastStage({ site }: Caller, order: string, { database }: Pick<ActContext, 'database'>) {
  const [stored] = await loadOrders(database, site, [order])
  return stored?.state?.visits.at(-1)?.stage
}
