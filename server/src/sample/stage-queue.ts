import type { PlantVisit } from './plant-order.ts'
import { isCurrent } from './plant-order.ts'
import type { RandomSource } from './random-source.ts'

/** The waiting orders of a stage, and those in work. */
export class StageQueue {
  #waiting: PlantVisit[] = []
  readonly #working = new Set<PlantVisit>()

  get workingCount(): number {
    return this.#working.size
  }

  get working(): Iterable<PlantVisit> {
    return this.#working
  }

  wait(visit: PlantVisit): void {
    this.#waiting.push(visit)
  }

  /**
   * Removes and returns the next order to work on: urgent orders first, then a random one, so that some wait longer
   * than others. Skips cancelled orders.
   */
  next(random: RandomSource): PlantVisit | undefined {
    const present = this.#waiting.filter(isCurrent)
    const [first, ...others] = present.filter(({ order }) => order.urgent).concat(present)
    const next = first === undefined || first.order.urgent ? first : random.pick([first, ...others])
    this.#waiting = present.filter((visit) => visit !== next)
    return next
  }

  /** One of the orders in work, in rotation. */
  rotate(): PlantVisit | undefined {
    for (const visit of this.#working) {
      this.#working.delete(visit)
      this.#working.add(visit)
      return visit
    }
    return undefined
  }

  begin(visit: PlantVisit): void {
    this.#working.add(visit)
  }

  end(visit: PlantVisit): void {
    this.#working.delete(visit)
  }
}
