import type { Queryable } from '@stagewatch/db/database.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { StageLedger } from '../engine/stage-ledger.ts'
import { loadLastHour, loadMissingHours, saveStageHours } from './stage-hours-table.ts'
import type { StageHour } from './stage-hours-table.ts'

const hourMs = 3_600_000
/** Late events of the last day still correct what was written. */
const correctedHours = 24
/** After a longer stop only so much is made up for; the engine knows all hours anyway. */
const longestGapHours = 35 * 24
/** As far back as a heat map looks. */
const keptMissingMs = 10_000 * hourMs

/**
 * Writes the state of every stage at the turn of each hour, for SQL and for the record of hours in which a source was
 * silent. The counts come from the engine, which knows every past hour from the log: hours over which the server was
 * down are made up for at the next start.
 */
export class HourlySnapshots {
  readonly #database: Queryable
  readonly #site: string
  readonly #engine: LiveEngine
  readonly #missing = new Set<string>()

  constructor(database: Queryable, site: string, engine: LiveEngine) {
    this.#database = database
    this.#site = site
    this.#engine = engine
  }

  /** Reads what the table knows and writes the hours that turned while nobody was here. */
  async open(now: number): Promise<void> {
    for (const row of await loadMissingHours(this.#database, this.#site, now - keptMissingMs)) {
      this.#missing.add(key(row.process, row.stage, row.hourAt))
    }
    const last = await loadLastHour(this.#database, this.#site)
    const newest = lastHour(now)
    const gap = last === undefined ? 0 : Math.min((newest - last) / hourMs, longestGapHours)
    for (let hour = newest - gap * hourMs; hour <= newest; hour += hourMs) await this.#write([hour], () => false)
  }

  /** The hour has turned at `now`. */
  async turn(now: number, isSilent: (stage: StageLedger) => boolean): Promise<void> {
    const newest = lastHour(now)
    for (const stage of this.#engine.stages()) {
      if (isSilent(stage)) this.#missing.add(key(stage.process, stage.definition.code, newest))
    }
    const hours = Array.from({ length: correctedHours }, (_, i) => newest - i * hourMs)
    await this.#write(hours, (stage, hour) => this.isMissing(stage, hour))
  }

  isMissing(stage: StageLedger, hourAt: number): boolean {
    return this.#missing.has(key(stage.process, stage.definition.code, hourAt))
  }

  #write(hours: readonly number[], isMissing: (stage: StageLedger, hour: number) => boolean): Promise<void> {
    const rows = this.#engine.stages().flatMap((stage) =>
      hours.map((hourAt): StageHour => ({
        process: stage.process,
        stage: stage.definition.code,
        hourAt,
        wipCount: stage.wipMarks.valueAt(hourAt),
        overdueCount: stage.overdueMarks.valueAt(hourAt),
        missing: isMissing(stage, hourAt),
      })),
    )
    return saveStageHours(this.#database, this.#site, rows)
  }
}

function lastHour(now: number): number {
  return Math.floor(now / hourMs) * hourMs
}

function key(process: string, stage: string, hourAt: number): string {
  return JSON.stringify([process, stage, hourAt])
}
