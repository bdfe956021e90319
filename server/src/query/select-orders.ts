import type { LiveEngine } from '../engine/live-engine.ts'
import { narrowRows, narrowToSpan, WantedIds } from '../engine/narrow-rows.ts'
import { visitBits } from '../engine/open-visits.ts'
import { ordersPerChunk, orderStatuses } from '../engine/order-table.ts'
import type { OrderChunk, OrderDimension } from '../engine/order-table.ts'
import { searchable } from '../engine/search-texts.ts'
import type { OrderChoice, OrderView } from './match-order.ts'

/** Matching names by number; the array is 1 for each match. */
type MatchingNames = readonly (readonly [OrderDimension, Uint8Array])[]

/** Of a condition: the relevant bits and their expected value. */
interface ConditionTest {
  readonly mask: number
  readonly wanted: number
}

const chosenNames = ['process', 'department', 'customer', 'customerClass', 'product'] as const

/**
 * Finds the orders of a chunk that match a query, using only columns. Holds have no column: for a query for orders on
 * hold, it selects all open ones.
 */
export class OrderSelection {
  /** Rows of the chunk in the last call of `select`, ascending. */
  readonly rows = new Uint32Array(ordersPerChunk)
  readonly #engine: LiveEngine
  readonly #choice: OrderChoice
  /** By status: 1 if an order with it may match. */
  readonly #wantedStatuses: Uint8Array
  readonly #condition: ConditionTest | undefined
  /** Bounds for the end of an order: the first inclusive, the second exclusive. Undefined: no bounds. */
  readonly #bounds: Float64Array | undefined
  readonly #part: string | undefined
  #matchingNames: MatchingNames = []
  readonly #isMatch = new Uint8Array(ordersPerChunk)

  constructor(engine: LiveEngine, choice: OrderChoice) {
    this.#engine = engine
    this.#choice = choice
    this.#wantedStatuses = wantedStatusesOf(choice)
    this.#condition = conditionOf(choice.status)
    const { from = -Infinity, to = Infinity } = choice
    this.#bounds = from > -Infinity || to < Infinity ? Float64Array.of(from, to) : undefined
    this.#part = choice.q === undefined ? undefined : searchable(choice.q)
  }

  /** Finds the names that contain the search text. Must run first; names that are added later are not found. */
  *begin({ privacy }: Pick<OrderView, 'privacy'>): Generator<void> {
    if (this.#part === undefined) return
    const shown = [
      'product',
      ...(privacy.customers === 'shown' ? (['customer'] as const) : []),
      ...(privacy.people === 'shown' ? (['owner'] as const) : []),
    ] as const
    const found: [OrderDimension, Uint8Array][] = []
    for (const dimension of shown) {
      const ids = yield* this.#engine.orders.names[dimension].containing(this.#part)
      if (ids !== undefined) found.push([dimension, ids])
    }
    this.#matchingNames = found
  }

  /**
   * Returns the number of selected `rows`. The columns hold only one of an order's parallel activities: such an order
   * is selected whenever its status matches, and must be checked individually.
   */
  select(chunk: OrderChunk): number {
    const count = this.#selectByColumns(chunk)
    return chunk.severalCount === 0 ? count : this.#addSeveral(chunk, count)
  }

  #addSeveral({ isSeveral, status }: OrderChunk, count: number): number {
    const { rows } = this
    const selected = new Set(rows.subarray(0, count))
    let more = count
    for (let row = isSeveral.indexOf(1); row >= 0; row = isSeveral.indexOf(1, row + 1)) {
      if (selected.has(row) || this.#wantedStatuses[status[row] ?? 0] !== 1) continue
      rows[more] = row
      more += 1
    }
    rows.subarray(0, more).sort()
    return more
  }

  #selectByColumns(chunk: OrderChunk): number {
    if (
      this.#wantedStatuses[orderStatuses.completed] === 0 &&
      this.#wantedStatuses[orderStatuses.betweenStages] === 0
    ) {
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
    const passing = this.#wantedStatuses
    const { status } = chunk
    const length = chunk.rows.length
    let count = 0
    if (this.#part === undefined) {
      for (let row = 0; row < length; row++) {
        rows[count] = row
        count += passing[status[row] ?? 0] ?? 0
      }
      return count
    }
    const isMatch = this.#isMatch.fill(0)
    if (!chunk.findTexts(this.#part, isMatch) && this.#matchingNames.length === 0) return 0
    for (const [dimension, found] of this.#matchingNames) {
      const ids = chunk.names[dimension]
      for (let row = 0; row < length; row++) isMatch[row] = (isMatch[row] ?? 0) | (found[ids[row] ?? 0] ?? 0)
    }
    for (let row = 0; row < length; row++) {
      rows[count] = row
      count += (passing[status[row] ?? 0] ?? 0) & (isMatch[row] ?? 0)
    }
    return count
  }

  #narrow(chunk: OrderChunk, dimension: OrderDimension, names: readonly string[] | undefined, count: number): number {
    if (names === undefined || count === 0) return count
    // The names in use may change while a scan pauses, and looking up a few of them is cheap.
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

function wantedStatusesOf({ status, stage }: OrderChoice): Uint8Array {
  const { inStage, betweenStages, completed, cancelled } = orderStatuses
  const passing = new Uint8Array(1 + Math.max(...Object.values(orderStatuses)))
  const wanted = (): readonly number[] => {
    if (stage !== undefined) return status === 'completed' ? [] : [inStage]
    if (status === undefined) return [inStage, betweenStages, completed, cancelled]
    if (status === 'completed') return [completed]
    return status === 'open' || status === 'held' ? [inStage, betweenStages] : [inStage]
  }
  for (const orderStatus of wanted()) passing[orderStatus] = 1
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
