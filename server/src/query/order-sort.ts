import { usualSort } from '@stagewatch/shared/contract/orders.ts'
import type { OrderSort, OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import type { DepartmentTexts } from '@stagewatch/shared/domain/departments.ts'
import { pastTargetMs } from '@stagewatch/shared/domain/visit-status.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import { ownTexts } from '../engine/order-table.ts'
import { searchable } from '../engine/search-texts.ts'
import type { FoundOrder } from './scan-orders.ts'

/** Sort value of an order. Null if it has no such value, or if the value is hidden. */
export type SortValue = number | string | null

/** The position of an order in a list. */
export interface SortKey {
  readonly value: SortValue
  readonly order: string
}

export interface ListOrder {
  /** @param asOf the instant up to which durations count, so that all pages of a list are sorted alike. */
  valueOf(found: FoundOrder, asOf: number): SortValue
  /** Compares the values only; the order number breaks ties. */
  compareValues(this: void, a: SortValue, b: SortValue): number
  compare(this: void, a: SortKey, b: SortKey): number
}

export type SortColumn = Exclude<OrderSort, `-${string}`>

/** The column of a sort, and its direction. */
export function sortParts(sort: OrderSort): { readonly column: SortColumn; readonly isReversed: boolean } {
  const isReversed = sort.startsWith('-')
  return { column: (isReversed ? sort.slice(1) : sort) as SortColumn, isReversed }
}

/** Hidden values are not used for sorting, because the order of the list would reveal them. */
export function listOrder(
  query: Pick<OrdersQuery, 'sort' | 'q' | 'status'>,
  audience: Audience,
  departmentTexts: DepartmentTexts,
): ListOrder {
  const { column, isReversed } = sortParts(query.sort ?? usualSort(query))
  const stagePlaces = new Map<string, number>()
  const factor = isReversed ? -1 : 1
  const compareValues = (a: SortValue, b: SortValue): number => {
    if (a === b) return 0
    if (a === null || b === null) return a === null ? 1 : -1
    return a < b ? -factor : factor
  }
  const part = query.q === undefined ? undefined : searchable(query.q)
  return {
    valueOf(found, asOf) {
      if (column === 'match') return part === undefined ? 0 : matchRank(part, found, audience)
      if (column === 'department') return departmentIn(found, audience, departmentTexts)
      return valueIn(column, found, asOf, audience, stagePlaces)
    },
    compareValues,
    compare: (a, b) =>
      compareValues(a.value, b.value) || (a.order === b.order ? 0 : a.order < b.order ? -factor : factor),
  }
}

/** Exact matches first, then prefixes, then other matches; within each, overdue orders first. */
function matchRank(part: string, { counted, current }: FoundOrder, { privacy }: Audience): number {
  const { product, customer } = counted.head.attributes
  const texts = [
    ...ownTexts(counted),
    product,
    ...(privacy.customers === 'shown' ? [customer] : []),
    ...(privacy.people === 'shown' ? [current?.visit.owner] : []),
  ].map((text) => (text === undefined ? '' : searchable(text)))
  const closeness = texts.includes(part) ? 0 : texts.some((text) => text.startsWith(part)) ? 1 : 2
  const isOpen = counted.head.status === 'open'
  return closeness * 3 + (current?.status.overdue === true ? 0 : isOpen ? 1 : 2)
}

function departmentIn({ counted }: FoundOrder, { departments }: Audience, departmentTexts: DepartmentTexts): SortValue {
  const { department } = counted.head.attributes
  if (departments !== undefined || department === undefined) return null
  return textOf(departmentTexts.keyOf(department))
}

/** Ascending; for times and amounts, the most important comes first. */
function valueIn(
  column: Exclude<SortColumn, 'match' | 'department'>,
  { counted, current, endedAt }: FoundOrder,
  asOf: number,
  audience: Audience,
  stagePlaces: Map<string, number>,
): SortValue {
  switch (column) {
    case 'order':
      return 0
    case 'ended':
      return Number.isNaN(endedAt) ? null : -endedAt
    case 'overdue':
      return negative(current && pastTargetMs(current.visit, current.state, current.sla, asOf))
    case 'dwell':
      return current?.visit.enteredAt ?? null
    case 'stage':
      return current === undefined ? null : placeOf(counted.process, current.visit.stage, stagePlaces)
    case 'owner':
      return audience.privacy.people === 'shown' ? textOf(current?.visit.owner) : null
    default:
      return attributeIn(column, counted, audience)
  }
}

function attributeIn(
  column: Exclude<SortColumn, 'match' | 'department' | 'order' | 'ended' | 'overdue' | 'dwell' | 'stage' | 'owner'>,
  { head: { attributes }, arrivedAt }: EngineOrder,
  { privacy }: Audience,
): SortValue {
  switch (column) {
    case 'age':
      return arrivedAt
    case 'promise':
      return attributes.promisedAt ?? null
    case 'customer':
      return privacy.customers === 'shown' ? textOf(attributes.customer) : null
    case 'customerClass':
      return privacy.customers === 'shown' ? textOf(attributes.customerClass) : null
    case 'product':
      return textOf(attributes.product)
    case 'priority':
      return textOf(attributes.priority)
    case 'quantity':
      return negative(attributes.quantity)
    case 'amount':
      return privacy.amounts === 'shown' ? negative(attributes.amount) : null
  }
}

function negative(value: number | undefined): number | null {
  return value === undefined ? null : -value
}

function textOf(text: string | undefined): string | null {
  return text === undefined ? null : text.toLowerCase()
}

/** Position in the order of the process. */
function placeOf({ definition }: EngineOrder['process'], stage: string, known: Map<string, number>): number {
  const key = JSON.stringify([definition.code, stage])
  const before = known.get(key)
  if (before !== undefined) return before
  const place = definition.stages.findIndex(({ code }) => code === stage)
  known.set(key, place)
  return place
}
