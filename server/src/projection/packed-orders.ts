import type { HoldSpan, OrderStatus } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { StoredOrder } from './load-orders.ts'
import type { TextNumbers } from './text-numbers.ts'

const orderTexts = ['process', 'status', 'customer', 'product', 'department'] as const
const orderNumbers = [
  'eventCount',
  'visitCount',
  'promisedAt',
  'placedAt',
  'endedAt',
  'heldSince',
  'heldUntil',
  'firstAt',
  'lastProgressAt',
  'lastEventAt',
  'reopenedCount',
  'complaintCount',
] as const
const visitTexts = ['stage', 'owner', 'department'] as const
const visitNumbers = ['nth', 'enteredAt', 'heldMs', 'leftAt', 'startedAt', 'heldSince'] as const

type VisitRest = Omit<StageVisit, (typeof visitTexts)[number] | (typeof visitNumbers)[number]>
const visitRest: Record<keyof VisitRest, true> = {
  cancelled: true,
  handovers: true,
  acknowledged: true,
  waits: true,
  progress: true,
  reason: true,
  attributes: true,
}
const restFields = Object.keys(visitRest) as (keyof VisitRest)[]

/** The number of a text for each row; −1: there is none. */
type TextColumns<Field extends string> = Readonly<Record<Field, Int32Array<ArrayBuffer>>>
/** NaN: there is none. */
type NumberColumns<Field extends string> = Readonly<Record<Field, Float64Array<ArrayBuffer>>>

/** Orders with their visits as columns, which one thread hands to another in a tenth of the time that objects take. */
export interface PackedOrders {
  readonly orders: readonly string[]
  readonly orderTexts: TextColumns<(typeof orderTexts)[number]>
  readonly orderNumbers: NumberColumns<(typeof orderNumbers)[number]>
  /** Of each order the attributes that have no column, as JSON; empty: it has none. */
  readonly attributes: readonly string[]
  /** As JSON; empty: there are none. */
  readonly holds: readonly string[]
  /** The visits of one order after the other. */
  readonly visitTexts: TextColumns<(typeof visitTexts)[number]>
  readonly visitNumbers: NumberColumns<(typeof visitNumbers)[number]>
  /** What few visits have, as JSON, by the number of the visit. */
  readonly visitRest: ReadonlyMap<number, string>
  /** The texts whose numbers begin here; those before are of the pages before. */
  readonly firstText: number
  readonly texts: readonly string[]
}

/** @param numbers those of the pages before. */
export function packOrders(orders: readonly StoredOrder[], numbers: TextNumbers): PackedOrders {
  const firstText = numbers.begin()
  const visitCount = orders.reduce((count, { state }) => count + (state?.visits.length ?? 0), 0)
  const ofOrders = {
    orderTexts: columns(orderTexts, () => new Int32Array(orders.length)),
    orderNumbers: columns(orderNumbers, () => new Float64Array(orders.length)),
  }
  const ofVisits = {
    visitTexts: columns(visitTexts, () => new Int32Array(visitCount)),
    visitNumbers: columns(visitNumbers, () => new Float64Array(visitCount)),
    visitRest: new Map<number, string>(),
  }
  let visitAt = 0
  for (const [i, order] of orders.entries()) {
    const { process, eventCount, state } = order
    const visits = state?.visits ?? []
    const { attributes } = state ?? {}
    setTexts(ofOrders.orderTexts, orderTexts, i, { ...attributes, process, status: state?.status }, numbers)
    const { promisedAt } = attributes ?? {}
    setNumbers(ofOrders.orderNumbers, orderNumbers, i, { ...state, promisedAt, eventCount, visitCount: visits.length })
    for (const visit of visits) {
      setTexts(ofVisits.visitTexts, visitTexts, visitAt, visit, numbers)
      setNumbers(ofVisits.visitNumbers, visitNumbers, visitAt, visit)
      const rest = restText(visit)
      if (rest !== undefined) ofVisits.visitRest.set(visitAt, rest)
      visitAt += 1
    }
  }
  return {
    orders: orders.map(({ order }) => order),
    ...ofOrders,
    attributes: orders.map(({ state }) => (state === undefined ? '' : attributesText(state.attributes))),
    holds: orders.map(({ state }) => (state?.holds.length ? JSON.stringify(state.holds) : '')),
    ...ofVisits,
    firstText,
    texts: numbers.fresh,
  }
}

/** The arrays that may be handed over instead of being copied. */
export function buffersOf(packed: PackedOrders): ArrayBuffer[] {
  const {
    orderTexts: ofOrder,
    orderNumbers: numbersOfOrder,
    visitTexts: ofVisit,
    visitNumbers: numbersOfVisit,
  } = packed
  return [ofOrder, numbersOfOrder, ofVisit, numbersOfVisit].flatMap((table) =>
    Object.values(table).map(({ buffer }) => buffer),
  )
}

/** @param texts those of the pages before, to which those of this page are added. */
export function unpackOrders(packed: PackedOrders, texts: string[]): StoredOrder[] {
  texts.length = packed.firstText
  for (const text of packed.texts) texts.push(text)
  let visitAt = 0
  return packed.orders.map((order, row) => {
    const { process, status } = packed.orderTexts
    const head = {
      order,
      process: textAt(process, row, texts) ?? '',
      eventCount: packed.orderNumbers.eventCount[row] ?? 0,
    }
    const orderStatus = textAt(status, row, texts)
    if (orderStatus === undefined) return { ...head, state: undefined }
    const visits = Array.from<StageVisit>({ length: packed.orderNumbers.visitCount[row] ?? 0 })
    for (let i = 0; i < visits.length; i++) visits[i] = visitAtRow(packed, visitAt++, texts)
    return { ...head, state: stateOf(packed, row, order, orderStatus as OrderStatus, visits, texts) }
  })
}

function stateOf(
  packed: PackedOrders,
  row: number,
  order: string,
  status: OrderStatus,
  visits: readonly StageVisit[],
  texts: readonly string[],
): StoredOrder['state'] {
  const { orderNumbers: numbers, holds } = packed
  const placedAt = numberAt(numbers.placedAt, row)
  const endedAt = numberAt(numbers.endedAt, row)
  const heldSince = numberAt(numbers.heldSince, row)
  const heldUntil = numberAt(numbers.heldUntil, row)
  return {
    order,
    status,
    attributes: attributesOf(packed, row, texts),
    visits,
    holds: holds[row] ? (JSON.parse(holds[row]) as HoldSpan[]) : [],
    ...(placedAt !== undefined && { placedAt }),
    ...(endedAt !== undefined && { endedAt }),
    ...(heldSince !== undefined && { heldSince }),
    ...(heldUntil !== undefined && { heldUntil }),
    firstAt: numbers.firstAt[row] ?? 0,
    lastProgressAt: numbers.lastProgressAt[row] ?? 0,
    lastEventAt: numbers.lastEventAt[row] ?? 0,
    reopenedCount: numbers.reopenedCount[row] ?? 0,
    complaintCount: numbers.complaintCount[row] ?? 0,
  }
}

type Writable<T> = { -readonly [field in keyof T]: T[field] }

function attributesOf(packed: PackedOrders, row: number, texts: readonly string[]): OrderAttributes {
  const { attributes: rest, orderTexts: named, orderNumbers: numbers } = packed
  const attributes: Writable<OrderAttributes> = rest[row] ? (JSON.parse(rest[row]) as OrderAttributes) : {}
  const customer = textAt(named.customer, row, texts)
  const product = textAt(named.product, row, texts)
  const department = textAt(named.department, row, texts)
  const promisedAt = numberAt(numbers.promisedAt, row)
  if (customer !== undefined) attributes.customer = customer
  if (product !== undefined) attributes.product = product
  if (department !== undefined) attributes.department = department
  if (promisedAt !== undefined) attributes.promisedAt = promisedAt
  return attributes
}

function visitAtRow(packed: PackedOrders, row: number, texts: readonly string[]): StageVisit {
  const { visitTexts: named, visitNumbers: numbers } = packed
  const visit: Writable<StageVisit> = {
    stage: textAt(named.stage, row, texts) ?? '',
    nth: numbers.nth[row] ?? 0,
    enteredAt: numbers.enteredAt[row] ?? 0,
    heldMs: numbers.heldMs[row] ?? 0,
  }
  // Set one by one: most visits have few of them, and to spread conditions takes many times as long.
  const leftAt = numberAt(numbers.leftAt, row)
  const startedAt = numberAt(numbers.startedAt, row)
  const heldSince = numberAt(numbers.heldSince, row)
  const owner = textAt(named.owner, row, texts)
  const department = textAt(named.department, row, texts)
  if (leftAt !== undefined) visit.leftAt = leftAt
  if (startedAt !== undefined) visit.startedAt = startedAt
  if (heldSince !== undefined) visit.heldSince = heldSince
  if (owner !== undefined) visit.owner = owner
  if (department !== undefined) visit.department = department
  const rest = packed.visitRest.get(row)
  return rest === undefined ? visit : Object.assign(visit, JSON.parse(rest) as VisitRest)
}

function columns<Field extends string, Column>(fields: readonly Field[], make: () => Column): Record<Field, Column> {
  return Object.fromEntries(fields.map((field) => [field, make()])) as Record<Field, Column>
}

function setTexts<Field extends string>(
  table: TextColumns<Field>,
  fields: readonly Field[],
  row: number,
  values: { readonly [field in Field]?: string | undefined },
  numbers: TextNumbers,
): void {
  for (const field of fields) {
    const text = values[field]
    table[field][row] = text === undefined ? -1 : numbers.of(text)
  }
}

function setNumbers<Field extends string>(
  table: NumberColumns<Field>,
  fields: readonly Field[],
  row: number,
  values: { readonly [field in Field]?: number | undefined },
): void {
  for (const field of fields) table[field][row] = values[field] ?? Number.NaN
}

function textAt(column: Int32Array, row: number, texts: readonly string[]): string | undefined {
  return texts[column[row] ?? -1]
}

function numberAt(column: Float64Array, row: number): number | undefined {
  const value = column[row] ?? Number.NaN
  return Number.isNaN(value) ? undefined : value
}

function restText(visit: StageVisit): string | undefined {
  if (restFields.every((field) => visit[field] === undefined)) return undefined
  return JSON.stringify(Object.fromEntries(restFields.map((field) => [field, visit[field]])))
}

function attributesText(attributes: OrderAttributes): string {
  const {
    customer: _customer,
    product: _product,
    department: _department,
    promisedAt: _promisedAt,
    ...rest
  } = attributes
  const text = JSON.stringify(rest)
  return text === '{}' ? '' : text
}
