import type { Database } from '@stagewatch/db/database.ts'
import type { Logger } from 'pino'
import type { Clock } from './clock/clock.ts'

/** After so long without an answer nobody may take the numbers for those of now. A host that fails over takes less. */
const outageAfterMs = 8_000
const warnEveryMs = 60_000
const secondMs = 1_000

export interface DatabaseMonitorOptions {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Knows whether this server instance can read its database, and since when it cannot. An outage has ended when the
 * instance has caught up with what was written meanwhile. The embedded database is part of the process: never away.
 */
export class DatabaseMonitor {
  readonly #options: DatabaseMonitorOptions
  /** By elapsed time: when the numbers were last known to be those of the database. */
  #currentAt: number
  /** A question is out that has not been answered. Without one, silence says nothing: nobody has asked. */
  #isUnanswered = false
  #isBehind = false
  #warnedAt = Number.NEGATIVE_INFINITY

  constructor(options: DatabaseMonitorOptions) {
    this.#options = options
    this.#currentAt = options.clock.elapsed()
  }

  /** The instant, epoch ms to the second, whose numbers are shown, because later ones cannot be read; else undefined. */
  get dataAsOf(): number | undefined {
    const { clock, database } = this.#options
    const silentMs = clock.elapsed() - this.#currentAt
    if (database.kind === 'embedded' || !this.#isUnanswered || silentMs < outageAfterMs) return undefined
    return Math.floor((clock.now() - silentMs) / secondMs) * secondMs
  }

  /** The event log could not be read on: until it can, an answer of the database does not make the numbers current. */
  fellBehind(): void {
    this.#isBehind = true
  }

  /**
   * Asks the database for a sign of life; to be called every second.
   * @param catchUp reads what was written while the database was away; rejects while it cannot be read.
   */
  async check(catchUp: () => Promise<void>): Promise<void> {
    const { database, clock, logger } = this.#options
    if (database.kind === 'embedded') return
    const askedAt = clock.elapsed()
    this.#isUnanswered = true
    try {
      await database.query('select 1')
      const wasOut = this.dataAsOf !== undefined
      if (wasOut || this.#isBehind) await catchUp()
      if (wasOut) logger.info({ outageMs: Math.round(askedAt - this.#currentAt) }, 'the database can be read again')
      this.#currentAt = askedAt
      this.#isUnanswered = false
      this.#isBehind = false
    } catch (error) {
      if (this.dataAsOf === undefined || clock.elapsed() - this.#warnedAt < warnEveryMs) return
      this.#warnedAt = clock.elapsed()
      const message = 'the database cannot be read: screens say that their numbers are of before'
      logger.warn({ err: error, dataAsOf: this.dataAsOf }, message)
    }
  }
}
