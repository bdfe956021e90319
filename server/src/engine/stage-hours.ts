import { VisitTally } from './visit-tally.ts'
import type { TalliedVisit } from './visit-tally.ts'

const hourMs = 3_600_000

/** Full hours since 1970, UTC, of an instant. */
export function epochHour(atMs: number): number {
  return Math.floor(atMs / hourMs)
}

class Stage {
  readonly total = new VisitTally()
  readonly hours = new Map<number, VisitTally>()
}

/**
 * The finished visits of each stage by the epoch hour in which they were left, always up to date. What it gives out
 * is live and only to be read, except what `merged` makes.
 */
export class StageHours {
  readonly #stages = new Map<number, Stage>()

  add(visit: TalliedVisit): void {
    let stage = this.#stages.get(visit.stage)
    if (stage === undefined) this.#stages.set(visit.stage, (stage = new Stage()))
    const hour = epochHour(visit.leftAt)
    let cell = stage.hours.get(hour)
    if (cell === undefined) stage.hours.set(hour, (cell = new VisitTally()))
    cell.add(visit)
    stage.total.add(visit)
  }

  /** @throws RangeError when no such visit was added. */
  remove(visit: TalliedVisit): void {
    const stage = this.#stages.get(visit.stage)
    const hour = epochHour(visit.leftAt)
    const cell = stage?.hours.get(hour)
    if (stage === undefined || cell === undefined) throw new RangeError(`no visit of stage ${visit.stage} to remove`)
    cell.remove(visit)
    stage.total.remove(visit)
    if (cell.count === 0) stage.hours.delete(hour)
  }

  /** Undefined when no visit of the stage was left in that hour. */
  cell(stage: number, hour: number): VisitTally | undefined {
    return this.#stages.get(stage)?.hours.get(hour)
  }

  /** The hours from `fromHour` up to, not including, `toHour` as one. */
  merged(stage: number, fromHour: number, toHour: number): VisitTally {
    const merged = new VisitTally()
    const hours = this.#stages.get(stage)?.hours
    for (let hour = fromHour; hour < toHour; hour++) {
      const cell = hours?.get(hour)
      if (cell !== undefined) merged.merge(cell)
    }
    return merged
  }

  /** The whole history of a stage; undefined while it has none. */
  total(stage: number): VisitTally | undefined {
    return this.#stages.get(stage)?.total
  }
}
