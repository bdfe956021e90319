import type { OrderSummary } from '@stagewatch/shared/contract/orders.ts'
import { arrivedAt } from '../engine/engine-order.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import type { OpenVisit } from '../engine/open-visits.ts'

/** @param current the visit that is open. */
export function summarize({ state, process }: EngineOrder, current: OpenVisit | undefined, now: number): OrderSummary {
  const { order, status, facts, placedAt, endedAt, heldSince } = state
  return {
    ...facts,
    order,
    process: process.definition.code,
    status,
    overdue: current?.status.overdue ?? false,
    atRisk: current?.status.atRisk ?? false,
    stalled: current?.status.stalled ?? false,
    held: heldSince !== undefined,
    unclaimed: current !== undefined && isUnclaimed(current),
    ...(current !== undefined && whereabouts(current, now)),
    ...(placedAt !== undefined && { placedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ageMs: Math.max(0, (endedAt ?? now) - arrivedAt(state)),
  }
}

export function isUnclaimed({ status, visit }: OpenVisit): boolean {
  return status.overdue && visit.owner === undefined
}

/** How far past its target the visit is; negative: before it; undefined: it has none. */
export function pastTargetMs({ status }: OpenVisit, now: number): number | undefined {
  return status.dueAt === undefined ? status.stoppedOverMs : now - status.dueAt
}

function whereabouts(current: OpenVisit, now: number): Partial<OrderSummary> {
  const { visit, ledger, status } = current
  const pastMs = pastTargetMs(current, now)
  return {
    stage: visit.stage,
    stageName: ledger.definition.name,
    enteredAt: visit.enteredAt,
    ...(visit.owner !== undefined && { owner: visit.owner }),
    ...(visit.reason !== undefined && { reason: visit.reason }),
    ...(status.dueAt !== undefined && { dueAt: status.dueAt }),
    ...(status.overdue && pastMs !== undefined && { overdueMs: Math.max(0, pastMs) }),
  }
}
