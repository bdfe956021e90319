import { VisitTally } from './visit-tally.ts'
import type { TalliedVisit } from './visit-tally.ts'

export const hourMs = 3_600_000

/** Full hours from 1970, UTC, to an instant. */
export function epochHour(atMs: number): number {
  return Math.floor(atMs / hourMs)
}

/**
 * The finished visits of each stage by the epoch hour in which they ended, always up to date. The returned objects are
 * live and read-only.
 */
export class StageHours {
  readonly #stages = new Map<number, Map<number, VisitTally>>()
  /** The cell of the last counted visit; the next one often belongs to it as well. */
  #recent: { readonly stage: number; readonly hour: number; readonly cell: VisitTally } | undefined

  add(visit: TalliedVisit): void {
    const hour = epochHour(visit.leftAt)
    const recent = this.#recent
    if (recent?.stage === visit.stage && recent.hour === hour) recent.cell.add(visit)
    else this.#addToOther(visit, hour)
  }

  #addToOther(visit: TalliedVisit, hour: number): void {
    let hours = this.#stages.get(visit.stage)
    if (hours === undefined) this.#stages.set(visit.stage, (hours = new Map()))
    let cell = hours.get(hour)
    if (cell === undefined) hours.set(hour, (cell = new VisitTally()))
    cell.add(visit)
    this.#recent = { stage: visit.stage, hour, cell }
  }

  /** @throws RangeError if no such visit was added. */
  remove(visit: TalliedVisit): void {
    const hours = this.#stages.get(visit.stage)
    const hour = epochHour(visit.leftAt)
    const cell = hours?.get(hour)
    if (hours === undefined || cell === undefined) throw new RangeError(`no visit of stage ${visit.stage} to remove`)
    cell.remove(visit)
    if (cell.count > 0) return
    hours.delete(hour)
    this.#recent = undefined
  }

  /** Number of visits of all stages that ended in each epoch hour. */
  counts(): [hour: number, visits: number][] {
    const counts = new Map<number, number>()
    for (const hours of this.#stages.values())
      for (const [hour, { count }] of hours) counts.set(hour, (counts.get(hour) ?? 0) + count)
    return [...counts]
  }

  /** Undefined if no visit of the stage ended in that hour. */
  cell(stage: number, hour: number): VisitTally | undefined {
    return this.#stages.get(stage)?.get(hour)
  }
}
