import type { EventType } from '@stagewatch/shared/domain/order-event.ts'
import { RecentOrders } from './recent-orders.ts'
import type { DirectionFound } from './row-direction.ts'
import { isReadUpward } from './row-direction.ts'

/** What determines the order of events with the same instant. */
export interface TieRules {
  /** The stages of the process in order; empty if unknown. */
  readonly stages: readonly string[]
  readonly direction: DirectionFound
}

/** The fields that determine the place of an event among those of its instant. */
interface TiedEvent {
  readonly order: string
  readonly type: EventType
  readonly stage: string | undefined
  readonly occurredAt: number
}

/** Number of distinct sequences per order, stage and instant. */
const perStage = 1_000_000
/** Each has a few instants. */
const rememberedOrders = 100_000

/**
 * Assigns sequences to the events of one order and instant, so that they apply in file order, or in reverse for a file
 * sorted newest first. The sequence is derived from the position of the stage in the process, and is increased if an
 * earlier row already has the same or a higher one. It depends only on the events of that instant: the same rows get
 * the same sequences in a longer or shorter file, and rows of a later file follow those of the preceding stages.
 *
 * Only the latest instants of the latest orders are kept in memory, which is enough for a file that is sorted by time
 * or by order. In a larger unsorted file, distant events of the same instant get the position of their stages.
 */
export class TieOrder {
  readonly #places: ReadonlyMap<string, number>
  readonly #isUpward: boolean
  readonly #orders = new RecentOrders<LastPlaces>(rememberedOrders)

  constructor({ stages, direction }: TieRules) {
    // Unknown stages will be appended to the process.
    this.#places = new Map(stages.map((stage, i) => [stage, i]))
    this.#isUpward = isReadUpward(direction, stages)
  }

  /** Returns the sequence of the next event of the file. */
  next({ order, type, stage, occurredAt }: TiedEvent): number {
    let places = this.#orders.get(order)
    if (places === undefined) this.#orders.set(order, (places = new LastPlaces()))
    const sequence = this.#behind(places.at(occurredAt), this.#placeOf(type, stage))
    places.set(occurredAt, sequence)
    return sequence
  }

  #behind(tied: number | undefined, place: number | undefined): number {
    if (tied === undefined) return (place ?? 1) * perStage
    const [nearest, usual] = this.#isUpward ? [tied - 1, Infinity] : [tied + 1, 0]
    const wanted = place === undefined ? usual : place * perStage
    return this.#isUpward ? Math.max(0, Math.min(nearest, wanted)) : Math.max(nearest, wanted)
  }

  /** Undefined if the event has no fixed position. */
  #placeOf(type: EventType, stage: string | undefined): number | undefined {
    if (stage !== undefined) return 2 + (this.#places.get(stage) ?? this.#places.size)
    if (type === 'order.placed') return 1
    return type === 'order.completed' || type === 'order.cancelled' ? 3 + this.#places.size : undefined
  }
}

/** Most orders have fewer instants, and a linear search is then faster than a map lookup. */
const fewInstants = 16
/** Limit for orders that never end. */
const manyInstants = 10_000

/** The latest sequence of each instant of one order. */
class LastPlaces {
  readonly #instants: number[] = []
  readonly #sequences: number[] = []
  #many: Map<number, number> | undefined

  at(instant: number): number | undefined {
    if (this.#many !== undefined) return this.#many.get(instant)
    const place = this.#instants.lastIndexOf(instant)
    return place < 0 ? undefined : this.#sequences[place]
  }

  set(instant: number, sequence: number): void {
    if (this.#many !== undefined) return this.#setOfMany(this.#many, instant, sequence)
    const place = this.#instants.lastIndexOf(instant)
    if (place >= 0) {
      this.#sequences[place] = sequence
      return
    }
    this.#instants.push(instant)
    this.#sequences.push(sequence)
    if (this.#instants.length > fewInstants)
      this.#many = new Map(this.#instants.map((known, i) => [known, this.#sequences[i] ?? 0]))
  }

  #setOfMany(many: Map<number, number>, instant: number, sequence: number): void {
    many.set(instant, sequence)
    if (many.size <= manyInstants) return
    const [oldest] = many.keys()
    if (oldest !== undefined) many.delete(oldest)
  }
}
