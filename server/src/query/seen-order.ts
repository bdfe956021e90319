import type { LoggedEvent } from '@stagewatch/shared/contract/orders.ts'
import { isInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'

/** What departments see of one order. */
export interface SeenOrder {
  readonly visits: readonly StageVisit[]
  readonly events: readonly LoggedEvent[]
}

/**
 * The department that an order belongs to sees all of it. Another one that has had it sees its own visits, what
 * happened in them, and what the order is.
 * @returns undefined when they never had it.
 */
export function seenOrder(
  { facts, visits }: FoldedOrder,
  events: readonly LoggedEvent[],
  scope: DepartmentScope,
): SeenOrder | undefined {
  if (isInScope(scope, facts, undefined)) return { visits, events }
  const seen = visits.filter((visit) => isInScope(scope, facts, visit))
  if (seen.length === 0) return undefined
  return { visits: seen, events: events.flatMap((event) => seenEvent(event, seen)) }
}

function seenEvent(event: LoggedEvent, visits: readonly StageVisit[]): LoggedEvent[] {
  const { occurredAt, type } = event
  const within = visits.some(({ enteredAt, leftAt = Infinity }) => occurredAt >= enteredAt && occurredAt <= leftAt)
  if (within && (event.stage === undefined || visits.some(({ stage }) => stage === event.stage))) return [event]
  if (type !== 'order.placed' && type !== 'order.changed') return []
  const { actor: _actor, ...anonymous } = event
  return [anonymous]
}
