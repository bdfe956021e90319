import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { pastTargetMs } from '@stagewatch/shared/domain/visit-status.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import type { OpenVisit } from '../engine/open-visits.ts'

/** What an order is sorted by; null: it has nothing of the kind, or nobody is to know it. */
export type SortValue = number | string | null

/** The place of an order in a list. */
export interface SortKey {
  readonly value: SortValue
  readonly order: string
}

export interface OrderSort {
  /** An order in no stage has nothing to be sorted by, and comes after all that have. */
  readonly isOfStages: boolean
  /** @param asOf the instant that times are counted up to, so that all pages of a list have one order */
  valueOf(counted: EngineOrder, current: OpenVisit | undefined, asOf: number): SortValue
  compare(this: void, a: SortKey, b: SortKey): number
}

type Sort = OrdersQuery['sort']
type Column = Sort extends infer Each ? (Each extends `-${string}` ? never : Each) : never

const ofStages: ReadonlySet<Column> = new Set(['overdue', 'dwell', 'stage', 'owner'])

/** What is not shown is not sorted by either: the order of a list would tell it. */
export function orderSort(sort: Sort, audience: Audience): OrderSort {
  const isReversed = sort.startsWith('-')
  const column = (isReversed ? sort.slice(1) : sort) as Column
  const stagePlaces = new Map<string, number>()
  const factor = isReversed ? -1 : 1
  return {
    isOfStages: ofStages.has(column),
    valueOf: (counted, current, asOf) => valueIn(column, counted, current, asOf, audience, stagePlaces),
    compare(a, b) {
      if (a.value === null || b.value === null) {
        if (a.value !== b.value) return a.value === null ? 1 : -1
      } else if (a.value !== b.value) return a.value < b.value ? -factor : factor
      return a.order === b.order ? 0 : a.order < b.order ? -factor : factor
    },
  }
}

/** Ascending: of times and amounts, what matters most comes first. */
function valueIn(
  column: Column,
  { head, arrivedAt, process }: EngineOrder,
  current: OpenVisit | undefined,
  asOf: number,
  { privacy, departments }: Audience,
  stagePlaces: Map<string, number>,
): SortValue {
  const { attributes } = head
  switch (column) {
    case 'order':
      return 0
    case 'overdue':
      return negative(current && pastTargetMs(current.visit, current.state, current.sla, asOf))
    case 'age':
      return arrivedAt
    case 'dwell':
      return current?.visit.enteredAt ?? null
    case 'promise':
      return attributes.promisedAt ?? null
    case 'stage':
      return current === undefined ? null : placeOf(process, current.visit.stage, stagePlaces)
    case 'customer':
      return privacy.customers === 'shown' ? textOf(attributes.customer) : null
    case 'customerClass':
      return privacy.customers === 'shown' ? textOf(attributes.customerClass) : null
    case 'product':
      return textOf(attributes.product)
    case 'priority':
      return textOf(attributes.priority)
    case 'department':
      return departments === undefined ? textOf(attributes.department) : null
    case 'owner':
      return privacy.people === 'shown' ? textOf(current?.visit.owner) : null
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

/** In the order of the process. */
function placeOf({ definition }: EngineOrder['process'], stage: string, known: Map<string, number>): number {
  const key = JSON.stringify([definition.code, stage])
  const before = known.get(key)
  if (before !== undefined) return before
  const place = definition.stages.findIndex(({ code }) => code === stage)
  known.set(key, place)
  return place
}
