import type { EventOutcome, ValidatedItem } from '../batch-results.ts'
import { maxSources } from './source-registry.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Upper bounds of the classes of lag (from occurrence to receipt); longer lags are in an additional last class. */
export const lagClassesMs: readonly number[] = [
  minuteMs,
  5 * minuteMs,
  15 * minuteMs,
  hourMs,
  4 * hourMs,
  12 * hourMs,
  24 * hourMs,
  72 * hourMs,
  168 * hourMs,
]

/** Event counts of a source in one hour. */
export interface SourceHour {
  readonly source: string
  /** Start of the hour, epoch ms. */
  readonly hourAt: number
  readonly accepted: number
  readonly duplicate: number
  readonly rejected: number
  /** Accepted events by lag class; imported events are not included. */
  readonly lags: readonly number[]
}

/** Items of one request with their outcomes. */
export interface TalliedRequest {
  readonly imported?: boolean | undefined
  readonly items: readonly ValidatedItem[]
  readonly outcomes: readonly EventOutcome[]
}

type Tally = { -readonly [Key in keyof SourceHour]: SourceHour[Key] } & { lags: number[] }

/** Counts the events of each source until the counts are stored. */
export class SourceTallies {
  #tallies = new Map<string, Tally>()

  /** @param now when the events were received, epoch ms */
  record({ imported, items, outcomes }: TalliedRequest, now: number): void {
    const hourAt = now - (now % hourMs)
    // Usually all events come from one source.
    let last: { readonly source: string; readonly tally: Tally | undefined } | undefined
    for (const [index, item] of items.entries()) {
      const outcome = outcomes[index]
      // A retried event that is rejected again was already counted on receipt.
      const isKnown = item.quarantineId !== undefined && outcome?.status === 'rejected'
      if (item.event === undefined || outcome === undefined || isKnown) continue
      const { source } = item.event
      if (last?.source !== source) last = { source, tally: this.#of(source, hourAt) }
      const { tally } = last
      if (tally === undefined) continue
      tally[outcome.status] += 1
      if (outcome.status !== 'accepted' || imported === true) continue
      const lagClass = lagClassOf(now - item.event.occurredAt)
      tally.lags[lagClass] = (tally.lags[lagClass] ?? 0) + 1
    }
  }

  /** Returns and resets the counts. */
  take(): SourceHour[] {
    const taken = [...this.#tallies.values()]
    this.#tallies = new Map()
    return taken
  }

  /** Adds back counts that could not be stored. */
  giveBack(hours: readonly SourceHour[]): void {
    for (const hour of hours) {
      const tally = this.#of(hour.source, hour.hourAt)
      if (tally === undefined) continue
      tally.accepted += hour.accepted
      tally.duplicate += hour.duplicate
      tally.rejected += hour.rejected
      tally.lags = tally.lags.map((count, index) => count + (hour.lags[index] ?? 0))
    }
  }

  /** Undefined if there are too many tallies. */
  #of(source: string, hourAt: number): Tally | undefined {
    const key = `${hourAt} ${source}`
    const known = this.#tallies.get(key)
    if (known !== undefined) return known
    if (this.#tallies.size >= 2 * maxSources) return undefined
    const tally = { source, hourAt, accepted: 0, duplicate: 0, rejected: 0, lags: noLags() }
    this.#tallies.set(key, tally)
    return tally
  }
}

function noLags(): number[] {
  return Array.from({ length: lagClassesMs.length + 1 }, () => 0)
}

function lagClassOf(lagMs: number): number {
  const found = lagClassesMs.findIndex((upTo) => lagMs <= upTo)
  return found === -1 ? lagClassesMs.length : found
}
