import { DwellHistogram } from '../engine/dwell-histogram.ts'
import type { OrderTrace } from './order-trace.ts'
import { isDeviating } from './path-rules.ts'
import type { BoundedReturn, Deviations, PathRules, StepKind } from './path-rules.ts'

/** So many ways are told apart; orders of further ones are counted, but their ways are not compared. */
const maxWays = 20_000
/** An order that goes through more stages than these has a way of its own. */
const maxSteps = 200

/** How often orders were in a stage, and how long. */
export interface StepCount {
  readonly stage: number
  visits: number
  orders: number
  /** Of them: were there more than once. */
  returned: number
  /** How many orders began and ended there. */
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
  /** From leaving the one to entering the other. */
  readonly gap: DwellHistogram
}

/** Orders that went the same way. */
export interface WayCount {
  /** Numbers of the stages that may be seen. */
  readonly stages: readonly number[]
  readonly deviations: Deviations
  orders: number
  /** From placed to signed; of those who see some departments, as long as the order was theirs. */
  readonly leadMs: number[]
}

interface KnownWay extends WayCount {
  readonly isCompleted: boolean
  readonly steps: readonly StepCount[]
  /** One for each step but the first; undefined: something of others lies between. */
  readonly moves: readonly (MoveCount | undefined)[]
}

/**
 * What the ways of orders through one process amount to. Orders that went the same way are held against the process once,
 * so that of a million of them each costs a look-up and an addition for each step.
 */
export class PathCounts {
  readonly steps = new Map<number, StepCount>()
  /** By `from` and `to`. */
  readonly #moves = new Map<string, MoveCount>()
  readonly #ways = new Map<string, KnownWay>()
  /** Lead times of completed orders whose ways are not told apart. */
  readonly otherLeadMs: number[] = []
  /** Completed ones. */
  orders = 0
  /** Of them: did something that the process does not provide for. */
  deviatingOrders = 0
  /** By code: how many orders passed over the stage. */
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

  /** Of completed orders. Where something of others lies between, several may look the same. */
  get ways(): WayCount[] {
    return this.#ways
      .values()
      .filter((way) => way.isCompleted)
      .toArray()
  }

  /** @param leadMs undefined: the order is under way, and only what it has passed over counts. */
  add(trace: OrderTrace, leadMs: number | undefined): void {
    if (trace.ownCount === 0) return
    const key = trace.length > maxSteps ? undefined : keyOf(trace, leadMs !== undefined)
    const known = key === undefined ? undefined : this.#ways.get(key)
    const way = known ?? this.#newWay(trace, leadMs !== undefined)
    const isTold = known !== undefined || (key !== undefined && this.#ways.size < maxWays)
    if (known === undefined && isTold && key !== undefined) this.#ways.set(key, way)
    way.orders += 1
    if (leadMs !== undefined) {
      const leads = isTold ? way.leadMs : this.otherLeadMs
      leads.push(leadMs)
      countSteps(trace, way)
    }
    if (!isTold) this.#settle(way)
  }

  /** To be called once, when every order has been added: adds up what orders of the same way have in common. */
  settle(): void {
    for (const way of this.#ways.values()) this.#settle(way)
  }

  #settle(way: KnownWay): void {
    const { deviations, isCompleted, orders } = way
    for (const code of deviations.skipped) {
      const skipped = this.skipped.get(code) ?? { orders: 0, openOrders: 0 }
      this.skipped.set(code, skipped)
      skipped[isCompleted ? 'orders' : 'openOrders'] += orders
    }
    if (!isCompleted) return
    this.orders += orders
    if (isDeviating(deviations)) this.deviatingOrders += orders
    for (const path of deviations.overReturned) {
      this.overReturned.set(path, (this.overReturned.get(path) ?? 0) + orders)
    }
    countVisits(way)
  }

  #newWay(trace: OrderTrace, isCompleted: boolean): KnownWay {
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

/** Durations are each order's own. */
function countSteps(trace: OrderTrace, way: KnownWay): void {
  for (let place = 0, own = 0; place < trace.length; place++) {
    if (trace.isOwn[place] !== true) continue
    const dwellMs = trace.dwellMs[place] ?? Number.NaN
    if (!Number.isNaN(dwellMs)) way.steps[own]?.dwell.add(dwellMs)
    // Where stages go on at the same time, the next one may begin before this one ends.
    const move = own === 0 ? undefined : way.moves[own - 1]
    move?.gap.add(Math.max(0, (trace.enteredAt[place] ?? 0) - (trace.leftAt[place - 1] ?? 0)))
    own += 1
  }
}

/** How often is the same for all orders of a way. */
function countVisits({ steps, moves, orders }: KnownWay): void {
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

/** A letter for each step: numbers of stages take 13 bits of the 16 that a letter has. */
function keyOf({ stage, isOwn, length }: OrderTrace, isCompleted: boolean): string {
  let key = isCompleted ? '' : openMark
  for (let place = 0; place < length; place++) {
    key += String.fromCharCode((stage[place] ?? 0) | (isOwn[place] === true ? ownBit : 0))
  }
  return key
}
