import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { FoldedChange } from './folded-change.ts'

/** A fold with the number of events that it contains. */
export interface RememberedFold {
  readonly eventCount: number
  readonly process: string
  readonly state: FoldState
}

/**
 * The most recently used folds, so that an event in the usual order need not read the order's events back. It may be
 * behind the database: what is written on from an entry is written only to a row with the same `eventCount`.
 */
export class FoldCache {
  readonly #capacity: number
  readonly #entries = new Map<string, RememberedFold>()
  #rulesVersion: number | undefined

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Itself, without what was folded by other rules than those of that version: it must not go on by these. */
  foldedBy(rulesVersion: number): this {
    if (rulesVersion !== this.#rulesVersion) this.#entries.clear()
    this.#rulesVersion = rulesVersion
    return this
  }

  get(order: string): RememberedFold | undefined {
    const entry = this.#entries.get(order)
    if (entry === undefined) return undefined
    this.#entries.delete(order)
    this.#entries.set(order, entry)
    return entry
  }

  set(order: string, entry: RememberedFold): void {
    this.#entries.delete(order)
    this.#entries.set(order, entry)
    if (this.#entries.size <= this.#capacity) return
    const oldest = this.#entries.keys().next()
    if (oldest.done !== true) this.#entries.delete(oldest.value)
  }

  /** What has been written. */
  remember(changes: readonly FoldedChange[]): void {
    for (const { order, eventCount, process, state } of changes) {
      if (state === undefined) this.delete(order)
      else this.set(order, { eventCount, process, state })
    }
  }

  delete(order: string): void {
    this.#entries.delete(order)
  }
}
