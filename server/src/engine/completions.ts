import { arrivedAt } from '@stagewatch/shared/domain/arrived-at.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'

/** An order that was signed. */
export interface Completion {
  readonly endedAt: number
  /** From placed to signed, natural ms. */
  readonly leadMs: number
  /** Undefined: nothing had been promised. */
  readonly onTime: boolean | undefined
}

/** Undefined: the order was not signed. */
export function completionOf(state: FoldedOrder): Completion | undefined {
  if (state.status !== 'completed' || state.endedAt === undefined) return undefined
  const { promisedAt } = state.attributes
  return {
    endedAt: state.endedAt,
    leadMs: Math.max(0, state.endedAt - arrivedAt(state)),
    onTime: promisedAt === undefined ? undefined : state.endedAt <= promisedAt,
  }
}

/** Signed orders by local day, retractable. */
export class Completions {
  readonly #days = new Map<number, Set<Completion>>()

  add(day: number, completion: Completion): void {
    const set = this.#days.get(day)
    if (set === undefined) this.#days.set(day, new Set([completion]))
    else set.add(completion)
  }

  remove(day: number, completion: Completion): void {
    const set = this.#days.get(day)
    set?.delete(completion)
    if (set?.size === 0) this.#days.delete(day)
  }

  /** The orders that were signed on a day. */
  of(day: number): Iterable<Completion> {
    return this.#days.get(day) ?? []
  }

  /** Orders signed on a day that had a promise, and those of them that kept it. */
  punctuality(day: number): { readonly signed: number; readonly onTime: number } {
    let signed = 0
    let onTime = 0
    for (const completion of this.#days.get(day) ?? []) {
      if (completion.onTime === undefined) continue
      signed += 1
      if (completion.onTime) onTime += 1
    }
    return { signed, onTime }
  }

  /** Lead times, ascending, of the orders signed after `from`; `days` are the local days that may hold them. */
  leadTimes(days: readonly number[], from: number): Float64Array {
    const leadTimes: number[] = []
    for (const day of days) {
      for (const completion of this.#days.get(day) ?? [])
        if (completion.endedAt > from) leadTimes.push(completion.leadMs)
    }
    return Float64Array.from(leadTimes).toSorted()
  }
}
