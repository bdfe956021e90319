import type { Alongside, OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import { otherOpenVisits } from '@stagewatch/shared/domain/all-visits.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { isOnHold } from '@stagewatch/shared/domain/holds.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { pastTargetMs } from '@stagewatch/shared/domain/visit-status.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { ProcessAggregates } from '../engine/process-aggregates.ts'

/** @param current the open visit. */
export function summarize(
  { head, process, arrivedAt }: Pick<EngineOrder, 'head' | 'process' | 'arrivedAt'>,
  current: OpenVisit | undefined,
  now: number,
): OrderSummary {
  const { order, status, attributes, placedAt, endedAt, heldUntil } = head
  const held = isOnHold(head, now)
  return {
    ...attributes,
    order,
    process: process.definition.code,
    status,
    overdue: current?.status.overdue ?? false,
    atRisk: current?.status.atRisk ?? false,
    stalled: current?.status.stalled ?? false,
    held,
    unclaimed: current !== undefined && isUnclaimed(current),
    ...(current !== undefined && whereabouts(current, process, now)),
    ...(held && heldUntil !== undefined && { heldUntil }),
    ...(placedAt !== undefined && { placedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ageMs: Math.max(0, (endedAt ?? now) - arrivedAt),
  }
}

export function isUnclaimed({ status, visit }: OpenVisit): boolean {
  return status.overdue && visit.owner === undefined
}

function whereabouts(current: OpenVisit, process: ProcessAggregates, now: number): Partial<OrderSummary> {
  const { state, visit, aggregates, sla, status } = current
  const pastMs = pastTargetMs(visit, state, sla, now)
  const alongside = otherOpenVisits(state).map((other) => alongsideOf(other, state, process))
  return {
    stage: visit.stage,
    stageName: aggregates.definition.name,
    enteredAt: visit.enteredAt,
    ...(alongside.length > 0 && { alongside }),
    ...(visit.owner !== undefined && { owner: visit.owner }),
    ...(visit.acknowledged !== undefined && { acknowledged: visit.acknowledged }),
    ...(visit.reason !== undefined && { reason: visit.reason }),
    ...(status.dueAt !== undefined && { dueAt: status.dueAt }),
    ...(status.overdue && pastMs !== undefined && { overdueMs: Math.max(0, pastMs) }),
  }
}

function alongsideOf(
  { stage, enteredAt, owner, ...visit }: StageVisit,
  { attributes }: FoldedOrder,
  process: ProcessAggregates,
): Alongside {
  const department = departmentOf(attributes, { stage, enteredAt, ...visit })
  return {
    stage,
    stageName: (process.stage(stage)?.definition ?? plainStage(stage)).name,
    enteredAt,
    ...(owner !== undefined && { owner }),
    ...(department !== '' && { department }),
  }
}
