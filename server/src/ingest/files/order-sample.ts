import type { EventData, EventType } from '@stagewatch/shared/domain/order-event.ts'
import type { EventRow } from './event-row.ts'

/** The parts of an event that the fold needs; its place is its index among the events of its order. */
export interface SampledEvent {
  readonly type: EventType
  readonly stage: string | undefined
  readonly occurredAt: number
  /** Data of activities that may overlap. */
  readonly data: EventData
}

export interface SampleLimits {
  readonly orders: number
  readonly events: number
}

/** About 200 MB regardless of the file size. */
const sampleLimits: SampleLimits = { orders: 200_000, events: 2_000_000 }

/**
 * The events of the first orders of a log, from which the usual path through the stages is derived. Later orders are
 * skipped, and so are further events once the limit is reached.
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

  /** @param stage the row's stage, as a string shared by all rows. */
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
