import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'

const maxListed = 200

/** Counts the warnings of a back-test, in all and by local day, and keeps the newest. */
export class WarningTally<Warning extends { readonly beganAt: number }> {
  readonly #days: LocalDays
  readonly #perDay = new Map<number, number>()
  /** A buffer of up to twice the number that is listed. */
  #kept: Warning[] = []
  #count = 0

  constructor(days: LocalDays) {
    this.#days = days
  }

  add(warning: Warning): void {
    const day = this.#days.startOf(warning.beganAt)
    this.#perDay.set(day, (this.#perDay.get(day) ?? 0) + 1)
    this.#count += 1
    this.#kept.push(warning)
    if (this.#kept.length >= 2 * maxListed) this.#kept = this.#newest()
  }

  get summary() {
    return {
      alertCount: this.#count,
      maxPerDay: Math.max(0, ...this.#perDay.values()),
      alerts: this.#newest(),
    }
  }

  #newest(): Warning[] {
    return this.#kept.toSorted((a, b) => b.beganAt - a.beganAt).slice(0, maxListed)
  }
}
