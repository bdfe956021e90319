import type { Queryable } from '@stagewatch/db/database.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import { loadLastHour, loadMissingHours, saveStageHours } from './stage-hours-table.ts'
import type { StageHour } from './stage-hours-table.ts'

const hourMs = 3_600_000
/** Late events of the last day still correct written hours. */
const correctedHours = 24
/** Maximum number of hours to catch up after a longer stop; the engine knows all hours anyway. */
const maxGapHours = 35 * 24
/** How far back a heat map reaches. */
const keptMissingMs = 10_000 * hourMs

/**
 * Writes the state of every stage at each full hour of the site's local time, for SQL users and to record the hours in
 * which a source was silent. The counts come from the engine, which knows every past hour from the log, so the next
 * start catches up on hours during which the server was down.
 */
export class StageHoursCapture {
  readonly #database: Queryable
  readonly #site: string
  readonly #engine: LiveEngine
  readonly #missing = new Set<string>()
  /** The newest written hour; later hours are missing. */
  #writtenUntil = Number.POSITIVE_INFINITY

  constructor(database: Queryable, site: string, engine: LiveEngine) {
    this.#database = database
    this.#site = site
    this.#engine = engine
  }

  /** Reads the hours in the table and writes those that passed while the server was down. */
  async open(now: number): Promise<void> {
    for (const row of await loadMissingHours(this.#database, this.#site, now - keptMissingMs)) {
      this.#missing.add(key(row.process, row.stage, row.hourAt))
    }
    const { days } = this.#engine
    const newest = days.hourStart(now)
    const last = await loadLastHour(this.#database, this.#site, newest)
    const first = last === undefined ? newest : Math.max(last, newest - maxGapHours * hourMs)
    for (let hour = days.hourStart(first); hour <= newest; hour = days.nextHour(hour))
      await this.#write([hour], () => false)
    this.#writtenUntil = newest
  }

  /** Whether the site's local hour differs from the last written one. */
  isDue(now: number): boolean {
    return this.#engine.days.hourStart(now) !== this.#writtenUntil
  }

  /** Writes the hours up to the one that starts at `now`. */
  async turn(now: number, isSilent: (stage: StageAggregates) => boolean): Promise<void> {
    const newest = this.#engine.days.hourStart(now)
    for (const stage of this.#engine.stages()) {
      if (isSilent(stage)) this.#missing.add(key(stage.process, stage.definition.code, newest))
    }
    // The machine may have slept, or its clock may have been set forward by several hours.
    const gap = Math.min(Math.ceil((newest - this.#writtenUntil) / hourMs), maxGapHours)
    const hours = this.#engine.days.hoursUntil(now, Math.max(correctedHours, gap))
    await this.#write(hours, (stage, hour) => this.isMissing(stage, hour))
    this.#writtenUntil = newest
  }

  isMissing(stage: StageAggregates, hourAt: number): boolean {
    return this.#missing.has(key(stage.process, stage.definition.code, hourAt))
  }

  #write(hours: readonly number[], isMissing: (stage: StageAggregates, hour: number) => boolean): Promise<void> {
    const rows = this.#engine.stages().flatMap((stage) =>
      hours.map((hourAt): StageHour => ({
        process: stage.process,
        stage: stage.definition.code,
        hourAt,
        wipCount: stage.wipBuckets.valueAt(hourAt),
        overdueCount: stage.overdueBuckets.valueAt(hourAt),
        missing: isMissing(stage, hourAt),
      })),
    )
    return saveStageHours(this.#database, this.#site, rows)
  }
}

function key(process: string, stage: string, hourAt: number): string {
  return JSON.stringify([process, stage, hourAt])
}
