import type { EventData, EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { arrivedDifferently, orderLog } from '@stagewatch/shared/domain/testing/arbitrary-events.ts'
import * as fc from 'fast-check'

/** The events that a site receives in one batch, and the delay after the previous batch. */
export interface Arrival {
  readonly waitMs: number
  readonly events: readonly OrderEvent[]
}

const minuteMs = 60_000
/**
 * The instants of a log are 0 to 40; at this distance they span more than a day and rarely fall on a full half hour.
 */
const instantMs = 47 * minuteMs
/** Time between the first and the last instant of a history. */
export const historySpanMs = 40 * instantMs

/**
 * Events of four orders in any order of arrival, some of them duplicated, in batches of any size.
 * @param beginAt epoch ms of the first possible instant.
 * @param processes possible process values of `order.placed` and `order.changed`.
 */
export function arbitraryHistory(
  beginAt: number,
  processes: readonly string[],
  types?: readonly EventType[],
): fc.Arbitrary<Arrival[]> {
  return siteLog(beginAt, processes, types).chain(arrivedDifferently).chain(inBatches)
}

/** The content of the site's log, each identity once. */
export function siteLog(
  beginAt: number,
  processes: readonly string[],
  types?: readonly EventType[],
): fc.Arbitrary<OrderEvent[]> {
  const logs = ['SO-1', 'SO-2', 'SO-3', 'SO-4'].map((order) => orderLog(order, types))
  const process = fc.option(fc.constantFrom(...processes), { nil: undefined, freq: 2 })
  return fc
    .tuple(...logs)
    .map((found) => found.flat())
    .chain((events) =>
      ofLength(events.length, process).map((named) => events.map((event, i) => spread(event, beginAt, named[i]))),
    )
}

/** The same event on a scale of hours, with an identity that is unique among all orders. */
function spread(event: OrderEvent, beginAt: number, process: string | undefined): OrderEvent {
  const { order, data } = event
  const placed = event.type === 'order.placed' || event.type === 'order.changed'
  return {
    ...event,
    id: `${order}-${event.id}`,
    occurredAt: beginAt + event.occurredAt * instantMs,
    data: { ...spreadData(order, data, beginAt), ...(placed && process !== undefined && { process }) },
  }
}

function spreadData(order: string, data: EventData, beginAt: number): EventData {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (key === 'id') return [key, `${order}-${String(value)}`]
      return [
        key,
        (key.endsWith('At') || key === 'until') && typeof value === 'number' ? beginAt + value * instantMs : value,
      ]
    }),
  )
}

function inBatches(events: readonly OrderEvent[]): fc.Arbitrary<Arrival[]> {
  const wait = fc.option(fc.oneof(fc.nat(minuteMs), fc.nat(5 * 60 * minuteMs)), { nil: undefined, freq: 2 })
  return ofLength(events.length, wait).map((waits) => {
    const arrivals: { waitMs: number; events: OrderEvent[] }[] = []
    for (const [i, event] of events.entries()) {
      const waitMs = waits[i]
      const last = arrivals.at(-1)
      if (waitMs === undefined && last !== undefined) last.events.push(event)
      else arrivals.push({ waitMs: waitMs ?? 0, events: [event] })
    }
    return arrivals
  })
}

function ofLength<T>(length: number, item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { minLength: length, maxLength: length })
}
