import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { FoldedChange } from './folded-change.ts'

/** A fold with the number of its events. */
export interface CachedFold {
  readonly eventCount: number
  readonly process: string
  readonly state: FoldState
}

export interface FoldCacheLimits {
  readonly orders: number
  /** Maximum number of visits of all cached orders together. */
  readonly visits: number
}

/**
 * The most recently used folds, so that an event in order does not require reading the earlier events. The cache may be
 * behind the database: a fold continued from an entry is written only to a row with the same `eventCount`.
 */
export class FoldCache {
  readonly #limits: FoldCacheLimits
  readonly #entries = new Map<string, CachedFold>()
  #visitCount = 0
  #rulesVersion: number | undefined

  constructor(limits: FoldCacheLimits) {
    this.#limits = limits
  }

  /** Usage and limits by name. */
  get usage() {
    return {
      folds: { size: this.#entries.size, limit: this.#limits.orders },
      fold_visits: { size: this.#visitCount, limit: this.#limits.visits },
    }
  }

  /**
   * Returns the cache after dropping folds made with another version of the rules, because they must not be continued.
   */
  foldedBy(rulesVersion: number): this {
    if (rulesVersion !== this.#rulesVersion) {
      this.#entries.clear()
      this.#visitCount = 0
    }
    this.#rulesVersion = rulesVersion
    return this
  }

  get(order: string): CachedFold | undefined {
    const entry = this.#entries.get(order)
    if (entry === undefined) return undefined
    this.#entries.delete(order)
    this.#entries.set(order, entry)
    return entry
  }

  set(order: string, entry: CachedFold): void {
    this.delete(order)
    this.#entries.set(order, entry)
    this.#visitCount += entry.state.visits.length
    const { orders, visits } = this.#limits
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= orders && this.#visitCount <= visits) return
      this.delete(oldest)
    }
  }

  /** Stores changes that were written. */
  keep(changes: readonly FoldedChange[]): void {
    for (const { order, eventCount, process, state } of changes) {
      if (state === undefined) this.delete(order)
      else this.set(order, { eventCount, process, state })
    }
  }

  delete(order: string): void {
    this.#visitCount -= this.#entries.get(order)?.state.visits.length ?? 0
    this.#entries.delete(order)
  }
}
