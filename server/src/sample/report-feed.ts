import type { SampleReport } from './event-writer.ts'
import { simulatePlant } from './simulate-plant.ts'
import type { PlantRun } from './simulate-plant.ts'

/** The reports of the plant, consumed as they become due. */
export class ReportFeed {
  readonly #reports: Generator<SampleReport, never>
  #next: SampleReport

  constructor(plant: PlantRun) {
    this.#reports = simulatePlant(plant)
    this.#next = this.#reports.next().value
  }

  /** Due time of the next report, epoch ms. */
  get nextAt(): number {
    return this.#next.reportedAt
  }

  /** The reports due at `now`, at most `most` at a time. */
  take(now: number, most: number): SampleReport[] {
    const due: SampleReport[] = []
    while (this.#next.reportedAt <= now && due.length < most) {
      due.push(this.#next)
      this.#next = this.#reports.next().value
    }
    return due
  }
}
