import { DwellHistogram } from '../engine/dwell-histogram.ts'
import type { OrderTrace } from './order-trace.ts'
import { isDeviating } from './path-rules.ts'
import type { BoundedReturn, Deviations, PathRules, StepKind } from './path-rules.ts'

/** Maximum number of distinct paths; orders on further paths are counted, but their paths are not compared. */
const maxPaths = 20_000
/** An order with more steps than this has a path of its own. */
const maxSteps = 200

/** How often and how long orders were in a stage. */
export interface StepCount {
  readonly stage: number
  visits: number
  orders: number
  /** Number of these orders that were there more than once. */
  returned: number
  /** Number of orders that started and ended there. */
  begins: number
  ends: number
  readonly dwell: DwellHistogram
}

/** How often one stage followed another. */
export interface MoveCount {
  readonly from: number
  readonly to: number
  readonly kind: StepKind
  moves: number
  orders: number
  /** Time from leaving the first stage to entering the second. */
  readonly gap: DwellHistogram
}

/** Orders with the same path. */
export interface PathCount {
  /** Numbers of the stages that the caller may see. */
  readonly stages: readonly number[]
  readonly deviations: Deviations
  orders: number
  /** From placed to signed. For callers with a department scope, the time the order spent with these departments. */
  readonly leadMs: number[]
}

interface KnownPath extends PathCount {
  readonly isCompleted: boolean
  readonly steps: readonly StepCount[]
  /** One for each step but the first. Undefined if a stage that the caller may not see lies between. */
  readonly moves: readonly (MoveCount | undefined)[]
}

/**
 * Aggregates the paths of orders through one process. Each distinct path is compared with the process only once, so
 * that each of a million orders costs one lookup, plus one addition per step.
 */
export class PathCounts {
  readonly steps = new Map<number, StepCount>()
  /** Keyed by `from` and `to`. */
  readonly #moves = new Map<string, MoveCount>()
  readonly #paths = new Map<string, KnownPath>()
  /** Lead times of completed orders beyond the maximum number of paths. */
  readonly otherLeadMs: number[] = []
  /** Completed orders. */
  orders = 0
  /** Number of these orders that deviated from the process. */
  deviatingOrders = 0
  /** Number of orders that skipped the stage, by stage code. */
  readonly skipped = new Map<string, { orders: number; openOrders: number }>()
  readonly overReturned = new Map<BoundedReturn, number>()
  readonly #rules: PathRules
  readonly #codeOf: (stage: number) => string

  constructor(rules: PathRules, codeOf: (stage: number) => string) {
    this.#rules = rules
    this.#codeOf = codeOf
  }

  get moves(): Iterable<MoveCount> {
    return this.#moves.values()
  }

  /** Paths of completed orders. Several may look the same if they contain stages that the caller may not see. */
  get paths(): PathCount[] {
    return this.#paths
      .values()
      .filter((path) => path.isCompleted)
      .toArray()
  }

  /** @param leadMs undefined while the order is open; then only its skipped stages count. */
  add(trace: OrderTrace, leadMs: number | undefined): void {
    if (trace.ownCount === 0) return
    const key = trace.length > maxSteps ? undefined : keyOf(trace, leadMs !== undefined)
    const known = key === undefined ? undefined : this.#paths.get(key)
    const path = known ?? this.#newPath(trace, leadMs !== undefined)
    const isTracked = known !== undefined || (key !== undefined && this.#paths.size < maxPaths)
    if (known === undefined && isTracked && key !== undefined) this.#paths.set(key, path)
    path.orders += 1
    if (leadMs !== undefined) {
      const leads = isTracked ? path.leadMs : this.otherLeadMs
      leads.push(leadMs)
      countSteps(trace, path)
    }
    if (!isTracked) this.#settle(path)
  }

  /** Adds up the counts that orders of one path share. Must be called once, after all orders have been added. */
  settle(): void {
    for (const path of this.#paths.values()) this.#settle(path)
  }

  #settle(path: KnownPath): void {
    const { deviations, isCompleted, orders } = path
    for (const code of deviations.skipped) {
      const skipped = this.skipped.get(code) ?? { orders: 0, openOrders: 0 }
      this.skipped.set(code, skipped)
      skipped[isCompleted ? 'orders' : 'openOrders'] += orders
    }
    if (!isCompleted) return
    this.orders += orders
    if (isDeviating(deviations)) this.deviatingOrders += orders
    for (const bounded of deviations.overReturned) {
      this.overReturned.set(bounded, (this.overReturned.get(bounded) ?? 0) + orders)
    }
    countVisits(path)
  }

  #newPath(trace: OrderTrace, isCompleted: boolean): KnownPath {
    const all = trace.stage.slice(0, trace.length)
    const codes = all.map(this.#codeOf)
    const seen = codes.map((code, place) => (trace.isOwn[place] === true ? code : ''))
    const own = all.flatMap((stage, place) => (trace.isOwn[place] === true ? [{ stage, place }] : []))
    const moves = own.slice(1).map(({ stage, place }, i) => {
      const before = own[i]
      return before !== undefined && before.place === place - 1 ? this.#move(before.stage, stage) : undefined
    })
    return {
      stages: own.map(({ stage }) => stage),
      deviations: this.#rules.deviationsOf(codes, seen, isCompleted),
      isCompleted,
      orders: 0,
      leadMs: [],
      steps: own.map(({ stage }) => this.#step(stage)),
      moves,
    }
  }

  #step(stage: number): StepCount {
    const known = this.steps.get(stage)
    if (known !== undefined) return known
    const step = { stage, visits: 0, orders: 0, returned: 0, begins: 0, ends: 0, dwell: new DwellHistogram() }
    this.steps.set(stage, step)
    return step
  }

  #move(from: number, to: number): MoveCount {
    const key = `${from} ${to}`
    const known = this.#moves.get(key)
    if (known !== undefined) return known
    const kind = this.#rules.kindOf(this.#codeOf(from), this.#codeOf(to))
    const move = { from, to, kind, moves: 0, orders: 0, gap: new DwellHistogram() }
    this.#moves.set(key, move)
    return move
  }
}

/** Durations differ for each order. */
function countSteps(trace: OrderTrace, path: KnownPath): void {
  for (let place = 0, own = 0; place < trace.length; place++) {
    if (trace.isOwn[place] !== true) continue
    const dwellMs = trace.dwellMs[place] ?? Number.NaN
    if (!Number.isNaN(dwellMs)) path.steps[own]?.dwell.add(dwellMs)
    // In parallel stages, the next visit may start before this one ends.
    const move = own === 0 ? undefined : path.moves[own - 1]
    move?.gap.add(Math.max(0, (trace.enteredAt[place] ?? 0) - (trace.leftAt[place - 1] ?? 0)))
    own += 1
  }
}

/** Visit counts are equal for all orders of a path. */
function countVisits({ steps, moves, orders }: KnownPath): void {
  const times = new Map<StepCount, number>()
  for (const step of steps) times.set(step, (times.get(step) ?? 0) + 1)
  for (const [step, visits] of times) {
    step.visits += visits * orders
    step.orders += orders
    if (visits > 1) step.returned += orders
  }
  const [first, last] = [steps[0], steps.at(-1)]
  if (first !== undefined) first.begins += orders
  if (last !== undefined) last.ends += orders
  for (const move of moves) if (move !== undefined) move.moves += orders
  for (const move of new Set(moves)) if (move !== undefined) move.orders += orders
}

const ownBit = 1 << 13
const openMark = '\uFFFD'

/** One UTF-16 unit per step: stage numbers take 13 of its 16 bits. */
function keyOf({ stage, isOwn, length }: OrderTrace, isCompleted: boolean): string {
  let key = isCompleted ? '' : openMark
  for (let place = 0; place < length; place++) {
    key += String.fromCharCode((stage[place] ?? 0) | (isOwn[place] === true ? ownBit : 0))
  }
  return key
}
