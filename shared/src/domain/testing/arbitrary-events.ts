import * as fc from 'fast-check'
import { eventTypes, isStageEvent, mayNameActivity } from '../order-event.ts'
import type { EventData, EventType, OrderEvent } from '../order-event.ts'

/** Few stages and few instants, so that returns, repetitions and ties are common; `shipped` may serve as terminal. */
const someStages = ['picking', 'packing', 'labelling', 'shipped'] as const
const lastInstant = 40

const source = fc.constantFrom('erp', 'wms')
const identity = fc.record({ source, id: fc.integer({ min: 0, max: 30 }).map((n) => `e${n}`) })

const attributes = fc.record(
  {
    customer: fc.constantFrom('Aster', '华东仓'),
    quantity: fc.nat(9),
    promisedAt: fc.nat(lastInstant),
    department: fc.constantFrom('east', 'west'),
    reason: fc.constantFrom('', 'out of stock', '缺料'),
    startedAt: fc.integer({ min: -5, max: lastInstant + 5 }),
    customerClass: fc.constantFrom('A', 'B'),
    waybill: fc.constantFrom('SF100', 'SF200'),
    until: fc.nat(lastInstant + 5),
    changesHold: fc.boolean(),
    waitingFor: fc.constantFrom('material', 'approval', 'weather'),
  },
  { requiredKeys: [] },
)

function dataOf(type: EventType): fc.Arbitrary<EventData> {
  return type === 'event.voided' ? identity : attributes
}

function stageOf(type: EventType): fc.Arbitrary<Pick<OrderEvent, 'stage'>> {
  const stage = { stage: fc.constantFrom(...someStages) }
  if (isStageEvent(type)) return fc.record(stage)
  return mayNameActivity(type) ? fc.record(stage, { requiredKeys: [] }) : fc.constant({})
}

/** One event of the order, of one of the given types, as the parser would return it. */
export function orderEvent(order: string, types: readonly EventType[] = eventTypes): fc.Arbitrary<OrderEvent> {
  return fc
    .constantFrom(...types)
    .chain((type) =>
      fc
        .tuple(
          identity,
          fc.record({ type: fc.constant(type), order: fc.constant(order), occurredAt: fc.nat(lastInstant) }),
          fc.record({ actor: fc.constantFrom('u1', 'u2'), sequence: fc.nat(3) }, { requiredKeys: [] }),
          stageOf(type),
          fc.record({ data: dataOf(type) }),
        )
        .map((parts): OrderEvent => Object.assign({}, ...parts)),
    )
}

/** The log of one order: events of the given types in order of arrival, without duplicates. */
export function orderLog(order: string, types: readonly EventType[] = eventTypes): fc.Arbitrary<OrderEvent[]> {
  return fc.uniqueArray(orderEvent(order, types), {
    selector: (event) => `${event.source} ${event.id}`,
    maxLength: 30,
    size: 'max',
  })
}

const ofActivities = fc.record(
  {
    concurrent: fc.constantFrom(true, true, false),
    instance: fc.constantFrom('a', 'b'),
    enteredAt: fc.integer({ min: 0, max: lastInstant }),
    abandoned: fc.constantFrom(true, false, false),
  },
  { requiredKeys: ['concurrent'] },
)

/** The same for an order with concurrent activities. */
export function concurrentLog(order: string, types: readonly EventType[] = eventTypes): fc.Arbitrary<OrderEvent[]> {
  return orderLog(order, types).chain((log) =>
    fc
      .array(ofActivities, { minLength: log.length, maxLength: log.length })
      .map((all) =>
        log.map((event, i) =>
          event.type === 'event.voided' ? event : { ...event, data: { ...event.data, ...all[i] } },
        ),
      ),
  )
}

/** The same events in a different order of arrival, some of them repeated. */
export function arrivedDifferently(log: readonly OrderEvent[]): fc.Arbitrary<OrderEvent[]> {
  return fc
    .subarray([...log])
    .chain((again) => fc.shuffledSubarray([...log, ...again], { minLength: log.length + again.length }))
}
