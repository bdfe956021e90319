import type { LiveEngine } from '../engine/live-engine.ts'
import { narrowRows, narrowToSpan, WantedIds } from '../engine/narrow-rows.ts'
import { visitBits } from '../engine/open-visits.ts'
import { ordersPerChunk, standings } from '../engine/order-table.ts'
import type { OrderChunk, OrderDimension } from '../engine/order-table.ts'
import { searchable } from '../engine/search-texts.ts'
import type { OrderChoice, OrderView } from './match-order.ts'

/** Names of those that answer, by number, which is 1 for each. */
type Mentioned = readonly (readonly [OrderDimension, Uint8Array])[]

/** Of a condition: the bits that tell it, and what they are then. */
interface ConditionTest {
  readonly mask: number
  readonly wanted: number
}

const chosenNames = ['process', 'department', 'customer', 'customerClass', 'product'] as const

/**
 * Finds the orders of a chunk that answer a question by nothing but columns. Whether an order is on hold is in none: of
 * those that are asked for, it finds the open ones.
 */
export class OrderSelection {
  /** Rows of the chunk that `select` was called with last, ascending. */
  readonly rows = new Uint32Array(ordersPerChunk)
  readonly #engine: LiveEngine
  readonly #choice: OrderChoice
  /** By standing: 1 for those in which an order may answer. */
  readonly #standings: Uint8Array
  readonly #condition: ConditionTest | undefined
  /** Within which an order has ended: the first of them included, the second not. Undefined: at any time. */
  readonly #bounds: Float64Array | undefined
  readonly #part: string | undefined
  #mentioned: Mentioned = []
  readonly #isMentioned = new Uint8Array(ordersPerChunk)

  constructor(engine: LiveEngine, choice: OrderChoice) {
    this.#engine = engine
    this.#choice = choice
    this.#standings = standingsOf(choice)
    this.#condition = conditionOf(choice.status)
    const { from = -Infinity, to = Infinity } = choice
    this.#bounds = from > -Infinity || to < Infinity ? Float64Array.of(from, to) : undefined
    this.#part = choice.q === undefined ? undefined : searchable(choice.q)
  }

  /** Finds the names that mention what is searched: to be carried out first. Names that come later are not known. */
  *begin({ privacy }: Pick<OrderView, 'privacy'>): Generator<void> {
    if (this.#part === undefined) return
    const shown = [
      'product',
      ...(privacy.customers === 'shown' ? (['customer'] as const) : []),
      ...(privacy.people === 'shown' ? (['owner'] as const) : []),
    ] as const
    const found: [OrderDimension, Uint8Array][] = []
    for (const dimension of shown) {
      const ids = yield* this.#engine.orders.names[dimension].mentioning(this.#part)
      if (ids !== undefined) found.push([dimension, ids])
    }
    this.#mentioned = found
  }

  /** How many of `rows` are selected. */
  select(chunk: OrderChunk): number {
    if (this.#standings[standings.completed] === 0 && this.#standings[standings.betweenStages] === 0) {
      if (chunk.inStageCount === 0) return 0
    }
    let count = this.#begin(chunk)
    for (const dimension of chosenNames) count = this.#narrow(chunk, dimension, this.#choice[dimension], count)
    const { stage } = this.#choice
    if (stage !== undefined) count = this.#narrow(chunk, 'stage', [stage], count)
    if (this.#bounds !== undefined) count = narrowToSpan(this.rows, count, chunk.endedAt, this.#bounds)
    return this.#condition === undefined ? count : this.#narrowToCondition(chunk, this.#condition, count)
  }

  #begin(chunk: OrderChunk): number {
    const { rows } = this
    const passing = this.#standings
    const { standing } = chunk
    const length = chunk.rows.length
    let count = 0
    if (this.#part === undefined) {
      for (let row = 0; row < length; row++) {
        rows[count] = row
        count += passing[standing[row] ?? 0] ?? 0
      }
      return count
    }
    const isMentioned = this.#isMentioned.fill(0)
    if (!chunk.findTexts(this.#part, isMentioned) && this.#mentioned.length === 0) return 0
    for (const [dimension, found] of this.#mentioned) {
      const ids = chunk.names[dimension]
      for (let row = 0; row < length; row++) isMentioned[row] = (isMentioned[row] ?? 0) | (found[ids[row] ?? 0] ?? 0)
    }
    for (let row = 0; row < length; row++) {
      rows[count] = row
      count += (passing[standing[row] ?? 0] ?? 0) & (isMentioned[row] ?? 0)
    }
    return count
  }

  #narrow(chunk: OrderChunk, dimension: OrderDimension, names: readonly string[] | undefined, count: number): number {
    if (names === undefined || count === 0) return count
    // The names that are in use may change while a walk pauses; to look few of them up takes no time.
    const wanted = new WantedIds(this.#engine.orders.names[dimension].of(names))
    return narrowRows(this.rows, count, chunk.names[dimension], wanted)
  }

  #narrowToCondition({ openSlot }: OrderChunk, { mask, wanted }: ConditionTest, count: number): number {
    const { bits } = this.#engine.open
    let kept = 0
    for (let i = 0; i < count; i++) {
      const row = this.rows[i] ?? 0
      this.rows[kept] = row
      kept += Number(((bits[openSlot[row] ?? 0] ?? 0) & mask) === wanted)
    }
    return kept
  }
}

function standingsOf({ status, stage }: OrderChoice): Uint8Array {
  const { inStage, betweenStages, completed, cancelled } = standings
  const passing = new Uint8Array(1 + Math.max(...Object.values(standings)))
  const wanted = (): readonly number[] => {
    if (stage !== undefined) return status === 'completed' ? [] : [inStage]
    if (status === undefined) return [inStage, betweenStages, completed, cancelled]
    if (status === 'completed') return [completed]
    return status === 'open' || status === 'held' ? [inStage, betweenStages] : [inStage]
  }
  for (const standing of wanted()) passing[standing] = 1
  return passing
}

function conditionOf(status: OrderChoice['status']): ConditionTest | undefined {
  const { overdue, atRisk, stalled, owned } = visitBits
  switch (status) {
    case 'overdue':
      return { mask: overdue, wanted: overdue }
    case 'atRisk':
      return { mask: atRisk, wanted: atRisk }
    case 'stalled':
      return { mask: stalled, wanted: stalled }
    case 'unclaimed':
      return { mask: overdue | owned, wanted: overdue }
    case undefined:
    case 'open':
    case 'completed':
    case 'held':
      return undefined
  }
}
