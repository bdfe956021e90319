import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { FoldedChange } from './folded-change.ts'

/** A fold with the number of events that it contains. */
export interface CachedFold {
  readonly eventCount: number
  readonly process: string
  readonly state: FoldState
}

export interface FoldCacheLimits {
  readonly orders: number
  /** Of all these orders together. */
  readonly visits: number
}

/**
 * The most recently used folds, so that an event in the usual order need not read the order's events back. It may be
 * behind the database: what is written on from an entry is written only to a row with the same `eventCount`.
 */
export class FoldCache {
  readonly #limits: FoldCacheLimits
  readonly #entries = new Map<string, CachedFold>()
  #visitCount = 0
  #rulesVersion: number | undefined

  constructor(limits: FoldCacheLimits) {
    this.#limits = limits
  }

  /** By name, how much there is and how much there may be. */
  get usage() {
    return {
      folds: { size: this.#entries.size, limit: this.#limits.orders },
      fold_visits: { size: this.#visitCount, limit: this.#limits.visits },
    }
  }

  /** Itself, without what was folded by other rules than those of that version: it must not go on by these. */
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

  /** What has been written. */
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
