import { allVisits, splitVisits } from '@stagewatch/shared/domain/all-visits.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { StoredOrder } from './load-orders.ts'
import { buffersOf, packOrders, unpackOrders } from './packed-orders.ts'
import { TextNumbers } from './text-numbers.ts'

const text = fc.constantFrom('', 'a', 'b', '"quoted"\n', '部门', '__proto__')
const instant = fc.integer({ min: -(2 ** 50), max: 2 ** 50 })
const count = fc.nat()

function object<T>(fields: { [field in keyof T]: fc.Arbitrary<T[field]> }): fc.Arbitrary<T> {
  return fc.record(fields, { noNullPrototype: true })
}

const attributes: fc.Arbitrary<OrderAttributes> = fc.record(
  {
    customer: text,
    customerClass: text,
    product: text,
    quantity: count,
    amount: count.map((cents) => cents / 100),
    currency: text,
    promisedAt: instant,
    priority: text,
    process: text,
    department: text,
    waybill: text,
  },
  { requiredKeys: [], noNullPrototype: true },
)

const visit: fc.Arbitrary<StageVisit> = fc.record(
  {
    stage: text,
    nth: count,
    enteredAt: instant,
    startedAt: instant,
    leftAt: instant,
    heldMs: count,
    heldSince: instant,
    cancelled: fc.constant(true as const),
    owner: text,
    handovers: fc.array(object({ at: instant, owner: text }), { maxLength: 2 }),
    acknowledged: fc.record({ at: instant, by: text }, { requiredKeys: ['at'], noNullPrototype: true }),
    waits: fc.array(object({ at: instant, cause: fc.constantFrom('person', 'carrier') }), { maxLength: 2 }),
    progress: fc.array(instant, { maxLength: 2 }),
    positions: fc.array(instant, { maxLength: 2 }),
    department: text,
    reason: text,
    attributes,
  },
  { requiredKeys: ['stage', 'nth', 'enteredAt', 'heldMs'], noNullPrototype: true },
)

const state: fc.Arbitrary<FoldedOrder> = fc.record(
  {
    order: fc.constant('to be named'),
    status: fc.constantFrom('open', 'completed', 'cancelled'),
    attributes,
    visits: fc.array(visit, { maxLength: 4 }),
    placedAt: instant,
    firstAt: instant,
    endedAt: instant,
    reopenedCount: count,
    lastProgressAt: instant,
    heldSince: instant,
    heldUntil: fc.oneof(instant, fc.constant(Infinity)),
    holds: fc.array(object({ from: instant, to: instant }), { maxLength: 2 }),
    complaintCount: count,
    lastEventAt: instant,
  },
  {
    noNullPrototype: true,
    requiredKeys: [
      'order',
      'status',
      'attributes',
      'visits',
      'firstAt',
      'reopenedCount',
      'lastProgressAt',
      'holds',
      'complaintCount',
      'lastEventAt',
    ],
  },
)

const stored: fc.Arbitrary<StoredOrder> = fc
  .record({ order: text, process: text, eventCount: count, state: fc.option(state, { nil: undefined }) })
  .map((each) => ({ ...each, state: each.state && { ...storedState(each.state), order: each.order } }))

/** For parallel open visits, the tables store the result of `allVisits`. */
function storedState(folded: FoldedOrder): FoldedOrder {
  return { ...folded, ...splitVisits(allVisits({ ...folded, ...splitVisits(folded.visits) })) }
}

it('orders that are packed page by page come out as they were, on another thread', () => {
  fc.assert(
    fc.property(fc.array(fc.array(stored, { maxLength: 4 }), { maxLength: 3 }), (pages) => {
      const numbers = new TextNumbers()
      const texts: string[] = []
      for (const page of pages) {
        const packed = packOrders(page, numbers)
        const sent = structuredClone(packed, { transfer: buffersOf(packed) })
        expect(unpackOrders(sent, texts)).toStrictEqual(page)
      }
    }),
    propertyRuns,
  )
})

it('a text is sent once, and again when so many were sent that all were forgotten', () => {
  const order = (customer: string): StoredOrder => ({
    order: customer,
    process: 'default',
    eventCount: 1,
    state: {
      order: customer,
      status: 'open',
      attributes: { customer },
      visits: [],
      holds: [],
      firstAt: 0,
      lastProgressAt: 0,
      lastEventAt: 0,
      reopenedCount: 0,
      complaintCount: 0,
    },
  })
  const numbers = new TextNumbers()
  const texts: string[] = []
  const through = (page: readonly StoredOrder[]) => {
    const packed = packOrders(page, numbers)
    expect(unpackOrders(packed, texts)).toStrictEqual(page)
    return packed.texts
  }
  expect(through([order('C-1'), order('C-1')])).toEqual(['default', 'open', 'C-1'])
  expect(through([order('C-1')])).toEqual([])
  for (let i = 0; i < 65_536; i++) numbers.of(`C-${i}`)
  expect(through([order('C-1')])).toEqual(['default', 'open', 'C-1'])
})
