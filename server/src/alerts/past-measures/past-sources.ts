import type { MeasuredPlace } from '../measure-values.ts'
import { ChangeList } from './look-times.ts'
import type { LookTimes } from './look-times.ts'
import type { MeasureHistory } from './raise-past-alerts.ts'

const looked = 0

/** When a source sent events, and how often it should. */
export interface PastSource {
  readonly place: MeasuredPlace
  /** Epoch ms, ascending. */
  readonly receivedAt: readonly number[]
  /** Undefined: none is configured, so there is nothing to measure. */
  readonly intervalMs: number | undefined
}

/** The silence of a source over a period. Before its first known event, there is no value. */
export class SilenceHistory implements MeasureHistory {
  readonly place: MeasuredPlace
  readonly changes: ChangeList
  readonly firstLook = 0
  readonly #source: PastSource
  /** Number of events up to the last look. */
  #received = 0

  /** @param above Number of intervals from which the silence is too long; the value grows between two events. */
  constructor(source: PastSource, above: number, looks: LookTimes) {
    this.place = source.place
    this.#source = source
    this.changes = new ChangeList(looks)
    this.changes.add(looks.since, looked)
    const { receivedAt, intervalMs } = source
    if (intervalMs === undefined) return
    for (const [i, at] of receivedAt.entries()) {
      this.changes.add(at, looked)
      const passesAt = Math.floor(at + above * intervalMs)
      if (passesAt >= (receivedAt[i + 1] ?? Infinity)) continue
      // A look at the very instant does not see it as passed, but the next one does.
      this.changes.add(passesAt, looked)
      this.changes.add(passesAt + 2, looked)
    }
  }

  apply(): void {
    // The events themselves are the changes.
  }

  valueAt(at: number): number | undefined {
    const { receivedAt, intervalMs } = this.#source
    while ((receivedAt[this.#received] ?? Infinity) <= at) this.#received += 1
    const last = receivedAt[this.#received - 1]
    return last === undefined || intervalMs === undefined ? undefined : (at - last) / intervalMs
  }
}
