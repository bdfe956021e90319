import type { Database } from '@stagewatch/db/database.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { VisitStore } from '../engine/visit-store.ts'
import type { StoredOrder } from '../fold/load-orders.ts'
import { readAllOrders } from '../fold/read-all-orders.ts'
import { directScans } from '../scan/visit-scans.ts'
import type { VisitScans } from '../scan/visit-scans.ts'

/** Where visits are that the engine has forgotten. */
export interface OlderVisits {
  readonly database: Database
  readonly site: string
  readonly engine: LiveEngine
}

/**
 * The same scans, that also count visits which were left before the engine's memory begins: those are read from the
 * database, judged like all others and counted by the same code.
 */
export function withOlderVisits(scans: VisitScans, older: OlderVisits): VisitScans {
  const { engine } = older
  return {
    async scan(table, store, filter, clock) {
      const { beginsAt } = engine.ended
      const { fromMs = -Infinity, toMs = Infinity } = filter
      if (toMs > beginsAt) await scans.scan(table, store, { ...filter, fromMs: Math.max(fromMs, beginsAt) }, clock)
      if (fromMs >= beginsAt) return
      const before = { ...filter, toMs: Math.min(toMs, beginsAt) }
      await directScans.scan(table, await readForgotten(older, beginsAt), before, clock)
    },
  }
}

/** Whether an answer about visits since `from` has been completed from the database, and before which instant. */
export function olderThan({ ended: { beginsAt } }: LiveEngine, from: number | undefined): { memoryFrom?: number } {
  return (from ?? -Infinity) < beginsAt ? { memoryFrom: beginsAt } : {}
}

/** The finished visits that were left before `beginsAt`; 38 bytes each while the question is answered. */
async function readForgotten({ database, site, engine }: OlderVisits, beginsAt: number): Promise<VisitStore> {
  const store = new VisitStore()
  const numbers = new ForgottenNumbers(engine)
  await readAllOrders(database, site, { firstBefore: beginsAt }, (orders) => {
    for (const order of orders) addForgotten(store, order, engine, numbers, beginsAt)
  })
  return store
}

function addForgotten(
  store: VisitStore,
  { order, process, state }: StoredOrder,
  engine: LiveEngine,
  numbers: ForgottenNumbers,
  beginsAt: number,
): void {
  for (const visit of state?.visits ?? []) {
    const { leftAt } = visit
    if (state === undefined || leftAt === undefined || leftAt >= beginsAt || visit.cancelled) continue
    const ledger = engine.ledgerOf(process, visit.stage)
    const terms = engine.rules.termsOf(process, visit, state.facts)
    store.add(engine.ended.row(numbers.of(order), state, { ...visit, leftAt }, ledger, terms))
  }
}

/** By which number statistics tell an order apart: the engine's, or for a forgotten one a number after all of those. */
class ForgottenNumbers {
  readonly #engine: LiveEngine
  readonly #first: number
  readonly #numbers = new Map<string, number>()

  constructor(engine: LiveEngine) {
    this.#engine = engine
    this.#first = engine.nextNumber
  }

  of(order: string): number {
    const known = this.#engine.order(order)?.number ?? this.#numbers.get(order)
    if (known !== undefined) return known
    const number = this.#first + this.#numbers.size
    this.#numbers.set(order, number)
    return number
  }
}
