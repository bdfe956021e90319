import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import { isInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { otherOpenVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { isOnHold } from '@stagewatch/shared/domain/holds.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { ownTexts } from '../engine/order-table.ts'
import { searchable } from '../engine/search-texts.ts'
import { isUnclaimed } from './order-summary.ts'
import { isChosen } from './visit-choice.ts'

/** Selects orders; the rest of a query determines how they are shown. */
export type OrderChoice = Omit<Choice, 'clock'> & Partial<Pick<OrdersQuery, 'status' | 'stage' | 'q'>>

/** With whose rights, and at which instant, orders are evaluated; epoch ms. */
export interface OrderView {
  readonly privacy: Privacy
  readonly now: number
}

/** @param current the open visit. */
export type Matcher = (counted: EngineOrder, current: OpenVisit | undefined) => boolean

/** Whether an order matches the query. */
export function matcher(choice: OrderChoice, { privacy, now }: OrderView): Matcher {
  const { status, stage, q, process, from, to } = choice
  const containsText = q === undefined ? undefined : textMatcher(q, privacy, choice.department)
  return (counted, current) => {
    const { head } = counted
    if (stage !== undefined && current?.visit.stage !== stage) return false
    if (!hasStatus(status, counted, current, now)) return false
    if (process?.includes(counted.process.definition.code) === false) return false
    if (!isChosen(choice, head, current?.visit)) return false
    if (from !== undefined && !((head.endedAt ?? Number.NaN) >= from)) return false
    if (to !== undefined && !((head.endedAt ?? Number.NaN) < to)) return false
    return containsText?.(counted, current) ?? true
  }
}

function hasStatus(
  status: OrderChoice['status'],
  { head }: EngineOrder,
  current: OpenVisit | undefined,
  now: number,
): boolean {
  switch (status) {
    case undefined:
      return true
    case 'open':
    case 'completed':
      return head.status === status
    case 'held':
      return isOnHold(head, now)
    case 'unclaimed':
      return current !== undefined && isUnclaimed(current)
    case 'overdue':
    case 'atRisk':
    case 'stalled':
      return current?.status[status] === true
  }
}

/** Hidden values are not searched, because a caller could reveal them letter by letter. */
function textMatcher(q: string, privacy: Privacy, departments: DepartmentScope): Matcher {
  const part = searchable(q)
  const has = (text: string | undefined): boolean => text !== undefined && searchable(text).includes(part)
  return (counted, current) =>
    ownTexts(counted).some(has) ||
    has(counted.head.attributes.product) ||
    (privacy.customers === 'shown' && has(counted.head.attributes.customer)) ||
    (privacy.people === 'shown' && ownersOf(current, departments).some(has))
}

/** Of the owners in parallel visits, only those in the caller's departments are matched. */
function ownersOf(current: OpenVisit | undefined, departments: DepartmentScope): (string | undefined)[] {
  if (current === undefined) return []
  const { state, visit } = current
  const others = otherOpenVisits(state).filter((other) => isInScope(departments, state.attributes, other))
  return [visit.owner, ...others.map(({ owner }) => owner)]
}
