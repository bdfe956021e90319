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
/** Of an order each. */
const rememberedInstants = 250_000

/**
 * Numbers the events of one order and instant, so that they apply in the order of the file, read upward where it goes
 * down in time. An event stands where its stage stands in the process, and behind those before it where that is not far
 * enough. So the number depends on nothing but the events of that instant: the same rows in a longer or in a shorter file
 * have the same numbers, and rows that come with the next file stand behind those of the stages before.
 *
 * The last instants are remembered, which is enough for a file that is sorted by time or by order. In a larger one that is
 * not sorted at all, events of an instant that are far apart stand where their stages stand.
 */
export class TieOrder {
  readonly #places: ReadonlyMap<string, number>
  readonly #isUpward: boolean
  readonly #last = new RecentOrders<number>(rememberedInstants)

  constructor({ stages, direction }: TieRules) {
    // Stages that are not known yet will be added at the end.
    this.#places = new Map(stages.map((stage, i) => [stage, i]))
    this.#isUpward = isReadUpward(direction, stages)
  }

  /** The sequence of the next event of the file. */
  next({ order, type, stage, occurredAt }: TiedEvent): number {
    const instant = `${occurredAt} ${order}`
    const sequence = this.#behind(this.#last.get(instant), this.#placeOf(type, stage))
    this.#last.set(instant, sequence)
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
