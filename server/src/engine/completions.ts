import { arrivedAt, type FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { nearestRank } from './nearest-rank.ts'

/** An order that was signed. */
export interface Completion {
  readonly endedAt: number
  /** From placed to signed, natural ms. */
  readonly leadMs: number
  /** Undefined if no date was promised. */
  readonly onTime: boolean | undefined
}

/** Undefined if the order was not signed. */
export function completionOf(state: FoldedOrder): Completion | undefined {
  if (state.status !== 'completed' || state.endedAt === undefined) return undefined
  const { promisedAt } = state.attributes
  return {
    endedAt: state.endedAt,
    leadMs: Math.max(0, state.endedAt - arrivedAt(state)),
    onTime: promisedAt === undefined ? undefined : state.endedAt <= promisedAt,
  }
}

/** Figures of the orders that were signed on a day. */
export interface SignedDay {
  readonly signed: number
  /** Orders with a promise; `onTime` of them met it. */
  readonly promised: number
  readonly onTime: number
  /** Ascending. */
  readonly leadTimesMs: Float64Array
}

export function signedDayOf(completions: Iterable<Completion>): SignedDay {
  const leadTimes: number[] = []
  let promised = 0
  let onTime = 0
  for (const completion of completions) {
    leadTimes.push(completion.leadMs)
    if (completion.onTime !== undefined) promised += 1
    if (completion.onTime === true) onTime += 1
  }
  return { signed: leadTimes.length, promised, onTime, leadTimesMs: Float64Array.from(leadTimes).toSorted() }
}

const nothingSigned = signedDayOf([])

interface Day {
  readonly completions: Set<Completion>
  /** Undefined if something has changed since the figures were computed. */
  cachedFigures: SignedDay | undefined
}

/**
 * Signed orders by local day, retractable. The figures of a day are cached, because only the last day changes often,
 * and iterating over a month of a large plant takes a second.
 */
export class Completions {
  readonly #days = new Map<number, Day>()

  add(day: number, completion: Completion): void {
    const known = this.#days.get(day)
    if (known === undefined) {
      this.#days.set(day, { completions: new Set([completion]), cachedFigures: undefined })
      return
    }
    known.completions.add(completion)
    known.cachedFigures = undefined
  }

  remove(day: number, completion: Completion): void {
    const known = this.#days.get(day)
    if (known === undefined) return
    known.completions.delete(completion)
    known.cachedFigures = undefined
    if (known.completions.size === 0) this.#days.delete(day)
  }

  of(day: number): SignedDay {
    const known = this.#days.get(day)
    if (known === undefined) return nothingSigned
    known.cachedFigures ??= signedDayOf(known.completions)
    return known.cachedFigures
  }

  /**
   * The orders signed after `from`; `days` are the local days that may contain them. `medianMs` is undefined if none
   * was signed.
   */
  leadTime(days: readonly number[], from: number): { readonly count: number; readonly medianMs: number | undefined } {
    const parts = days.map((day) =>
      day > from ? this.of(day).leadTimesMs : signedDayOf(this.#after(day, from)).leadTimesMs,
    )
    return { count: parts.reduce((sum, part) => sum + part.length, 0), medianMs: nearestRank(parts, 0.5) }
  }

  *#after(day: number, from: number): Generator<Completion> {
    for (const completion of this.#days.get(day)?.completions ?? []) if (completion.endedAt > from) yield completion
  }
}
