import type { EventType } from '@stagewatch/shared/domain/order-event.ts'
import { RecentOrders } from './recent-orders.ts'
import type { DirectionFound } from './row-direction.ts'
import { isReadUpward } from './row-direction.ts'

/** How the rows of a file stand to each other. */
export interface TieRules {
  /** The stages of the process in their order; empty: not known. */
  readonly stages: readonly string[]
  readonly direction: DirectionFound
}

/** What an event is told apart by from others of its instant. */
interface TiedEvent {
  readonly order: string
  readonly type: EventType
  readonly stage: string | undefined
  readonly occurredAt: number
}

/** So many events of one order, stage and instant have places of their own. */
const perStage = 1_000_000
/** With some instants each. */
const rememberedOrders = 100_000

/**
 * Numbers the events of one order and instant, so that they apply in the order of the file, read upward where it goes
 * down in time. An event stands where its stage stands in the process, and behind those before it where that is not far
 * enough. So the number depends on nothing but the events of that instant: the same rows in a longer or in a shorter file
 * have the same numbers, and rows that come with the next file stand behind those of the stages before.
 *
 * The last instants of the last orders are remembered, which is enough for a file that is sorted by time or by order. In a
 * larger one that is not sorted at all, events of an instant that are far apart stand where their stages stand.
 */
export class TieOrder {
  readonly #places: ReadonlyMap<string, number>
  readonly #isUpward: boolean
  readonly #orders = new RecentOrders<LastPlaces>(rememberedOrders)

  constructor({ stages, direction }: TieRules) {
    // Stages that are not known yet will be added at the end.
    this.#places = new Map(stages.map((stage, i) => [stage, i]))
    this.#isUpward = isReadUpward(direction, stages)
  }

  /** The sequence of the next event of the file. */
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

  /** Undefined: it may stand anywhere. */
  #placeOf(type: EventType, stage: string | undefined): number | undefined {
    if (stage !== undefined) return 2 + (this.#places.get(stage) ?? this.#places.size)
    if (type === 'order.placed') return 1
    return type === 'order.completed' || type === 'order.cancelled' ? 3 + this.#places.size : undefined
  }
}

/** Orders mostly have fewer instants, among which looking for one takes less than asking a map. */
const fewInstants = 16
/** Of an order that goes on and on. */
const manyInstants = 10_000

/** The sequences that the events of one order have got last, by instant. */
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
