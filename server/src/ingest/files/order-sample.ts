import type { EventData, EventType } from '@stagewatch/shared/domain/order-event.ts'
import type { EventRow } from './event-row.ts'

/** What the fold needs of an event, and no more; its place is that among the events of its order. */
export interface SampledEvent {
  readonly type: EventType
  readonly stage: string | undefined
  readonly occurredAt: number
  /** Of activities that may go on at the same time. */
  readonly data: EventData
}

export interface SampleLimits {
  readonly orders: number
  readonly events: number
}

/** Some 200 MB whatever the size of the file. */
const sampleLimits: SampleLimits = { orders: 200_000, events: 2_000_000 }

/**
 * The events of the first orders of a log, from which the usual way through the stages is told. Later orders are
 * passed over; when an order is so long that the events become too many, so is what follows.
 */
export class OrderSample {
  readonly #limits: SampleLimits
  readonly #orders = new Map<string, SampledEvent[]>()
  #eventCount = 0

  constructor(limits: SampleLimits = sampleLimits) {
    this.#limits = limits
  }

  get orders(): ReadonlyMap<string, readonly SampledEvent[]> {
    return this.#orders
  }

  /** `stage` is the row's stage as one string for all rows. */
  add(row: EventRow, stage: string | undefined): void {
    const { order, type, occurredAt } = row
    if (this.#eventCount === this.#limits.events) return
    const events = this.#orders.get(order)
    if (events === undefined && this.#orders.size === this.#limits.orders) return
    const event = { type, stage, occurredAt, data: row.concurrent === undefined ? noData : activityOf(row) }
    if (events === undefined) this.#orders.set(order, [event])
    else events.push(event)
    this.#eventCount += 1
  }
}

const noData: EventData = {}

function activityOf({ concurrent, enteredAt, instance, abandoned }: EventRow): EventData {
  return {
    concurrent,
    ...(enteredAt !== undefined && { enteredAt, startedAt: enteredAt }),
    ...(instance !== undefined && { instance }),
    ...(abandoned && { abandoned }),
  }
}
