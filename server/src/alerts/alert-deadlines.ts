import { DeadlineQueue } from '../engine/deadline-queue.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import { StageRules } from './stage-rules.ts'

/** A step takes some hundred µs. */
const visitsPerStep = 64

/**
 * Tracks when time alone makes alert rules start or stop to hold for the open visits of a site, and which orders must
 * be evaluated because such an instant has come or because something happened to them. Depends only on rules and the
 * engine, without I/O.
 */
export class AlertDeadlines {
  readonly #engine: LiveEngine
  readonly #queue = new DeadlineQueue()
  /**
   * Slots of visits that have changed since the last evaluation; however many changes there were, one evaluation is
   * enough.
   */
  readonly #changed = new Set<number>()
  /** Orders with open alerts: any change of such an order may end them. */
  readonly #warned = new Set<string>()
  readonly #pending = new Set<string>()
  #rules = new StageRules([])

  constructor(engine: LiveEngine) {
    this.#engine = engine
    engine.open.observeBy({
      added: (slot, open) => {
        if (!this.#rules.isEmpty) this.#changed.add(slot)
        if (this.#warned.has(open.state.order)) this.#pending.add(open.state.order)
      },
      removed: (slot, { state }) => {
        this.#changed.delete(slot)
        this.#queue.delete(slot)
        if (this.#warned.has(state.order)) this.#pending.add(state.order)
      },
    })
  }

  get rules(): StageRules {
    return this.#rules
  }

  /** Replaces the rules, in short steps. Every order is evaluated again. */
  *setRules(rules: StageRules): Generator<void> {
    this.#rules = rules
    for (const order of this.#warned) this.#pending.add(order)
    let count = 0
    for (const [slot] of this.#engine.open.entries()) {
      this.#changed.add(slot)
      if (++count % visitsPerStep === 0) yield
    }
  }

  /** Records whether the database has an open alert for an order. */
  noteWarned(order: string, isWarned: boolean): void {
    if (isWarned) this.#warned.add(order)
    else this.#warned.delete(order)
  }

  /** Includes these orders in the next `find`. */
  lookAgain(orders: Iterable<string>): void {
    for (const order of orders) this.#pending.add(order)
  }

  /** Finds the orders to evaluate now, in short steps: all of them, or `atMost`. Each is returned once. */
  *find(now: number, atMost: number): Generator<void, readonly string[]> {
    const changed = this.#changed.values()
    for (let count = 1; this.#pending.size < atMost; count++) {
      const slot = changed.next().value ?? this.#queue.popDue(now)
      if (slot === undefined) break
      this.#changed.delete(slot)
      const open = this.#engine.open.get(slot)
      if (open !== undefined) this.#look(slot, open, now)
      if (count % visitsPerStep === 0) yield
    }
    const found: string[] = []
    for (const order of this.#pending) {
      if (found.push(order) === atMost) break
    }
    for (const order of found) this.#pending.delete(order)
    return found
  }

  #look(slot: number, open: OpenVisit, now: number): void {
    const { order } = open.state
    const { isHeld, changesAt } = this.#rules.lookAt(open, now)
    if (isHeld || this.#warned.has(order)) this.#pending.add(order)
    if (changesAt === Infinity) this.#queue.delete(slot)
    else this.#queue.set(slot, changesAt)
  }
}
