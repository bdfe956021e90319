import { RecentOrders } from './recent-orders.ts'

/** The last row of an order, and how many more of its rows went up than down in time. */
interface OrderRows {
  at: number
  stage: string
  rise: number
}

const rememberedOrders = 100_000
/** A process has some hundred pairs of stages that follow each other. */
const maxPairs = 10_000

/** How often one stage stood above another at the same instant of an order. */
interface StagePair {
  readonly above: string
  readonly below: string
  count: number
}

/** What the rows of a file say of their direction; of a sum above 0 that they go up in time. */
export interface DirectionFound {
  /** Of orders, each of which has one vote, however long it is. */
  readonly orderVotes: number
  /** Of neighbouring rows of whatever orders. */
  readonly neighbourVotes: number
  /** Stages that stood above another one at one instant. */
  readonly pairs: readonly Readonly<StagePair>[]
}

export const directionUnknown: DirectionFound = { orderVotes: 0, neighbourVotes: 0, pairs: [] }

/**
 * Whether the newest rows of a file stand first, so that it is read upward. The times of each order tell; where all of
 * its rows have one time, the stages do, most of which are passed in the order of the process; and at last rows of
 * several orders.
 * @param stages of the process in their order; empty: not known.
 */
export function isReadUpward(
  { orderVotes, neighbourVotes, pairs }: DirectionFound,
  stages: readonly string[],
): boolean {
  if (orderVotes !== 0) return orderVotes < 0
  const places = new Map(stages.map((stage, i) => [stage, i]))
  const placeOf = (stage: string) => places.get(stage) ?? stages.length
  const stageVotes = pairs.reduce(
    (sum, { above, below, count }) => sum + count * Math.sign(placeOf(below) - placeOf(above)),
    0,
  )
  return (stageVotes === 0 ? neighbourVotes : stageVotes) < 0
}

/** Finds out whether the rows of a file go up or down in time. */
export class RowDirection {
  #orderVotes = 0
  #neighbourVotes = 0
  #lastAt = Number.NaN
  readonly #pairs = new Map<string, StagePair>()
  readonly #orders = new RecentOrders<OrderRows>(rememberedOrders, ({ rise }) => {
    this.#orderVotes += Math.sign(rise)
  })

  /** Takes the rows in the order of the file. */
  add(order: string, at: number, stage: string): void {
    if (at > this.#lastAt) this.#neighbourVotes += 1
    else if (at < this.#lastAt) this.#neighbourVotes -= 1
    this.#lastAt = at
    const rows = this.#orders.get(order)
    if (rows === undefined) {
      this.#orders.set(order, { at, stage, rise: 0 })
      return
    }
    if (at === rows.at && stage !== rows.stage) this.#countPair(rows.stage, stage)
    rows.rise += Math.sign(at - rows.at)
    rows.at = at
    rows.stage = stage
  }

  found(): DirectionFound {
    return {
      orderVotes: this.#votesOfOrders(),
      neighbourVotes: this.#neighbourVotes,
      pairs: [...this.#pairs.values()],
    }
  }

  #votesOfOrders(): number {
    let votes = this.#orderVotes
    for (const { rise } of this.#orders.values()) votes += Math.sign(rise)
    return votes
  }

  #countPair(above: string, below: string): void {
    const key = `${above}\n${below}`
    const pair = this.#pairs.get(key)
    if (pair !== undefined) pair.count += 1
    else if (this.#pairs.size < maxPairs) this.#pairs.set(key, { above, below, count: 1 })
  }
}
