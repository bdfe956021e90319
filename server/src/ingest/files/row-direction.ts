import { RecentOrders } from './recent-orders.ts'

/** The last row of an order, and how many more of its rows ascend than descend in time. */
interface OrderRows {
  at: number
  stage: string
  rise: number
}

const rememberedOrders = 100_000
/** A process has about a hundred pairs of consecutive stages. */
const maxPairs = 10_000

/** How often one stage was above another at the same instant of an order. */
interface StagePair {
  readonly above: string
  readonly below: string
  count: number
}

/** Evidence for the sort direction of a file; positive sums mean ascending. */
export interface DirectionFound {
  /** Votes by order; each order has one vote regardless of its length. */
  readonly orderVotes: number
  /** Votes by adjacent rows, regardless of their orders. */
  readonly neighbourVotes: number
  /** Pairs of stages that occurred at the same instant, in file order. */
  readonly pairs: readonly Readonly<StagePair>[]
}

export const directionUnknown: DirectionFound = { orderVotes: 0, neighbourVotes: 0, pairs: [] }

/**
 * Whether a file is sorted newest first and has to be read from bottom to top. The times within each order decide; if
 * all rows of each order have the same time, the stages decide, because most are passed in the order of the process;
 * and finally adjacent rows of different orders.
 * @param stages stages of the process in order; empty if unknown.
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

/** Detects whether the rows of a file ascend or descend in time. */
export class RowDirection {
  #orderVotes = 0
  #neighbourVotes = 0
  #lastAt = Number.NaN
  readonly #pairs = new Map<string, StagePair>()
  readonly #orders = new RecentOrders<OrderRows>(rememberedOrders, ({ rise }) => {
    this.#orderVotes += Math.sign(rise)
  })

  /** Rows have to be added in file order. */
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
