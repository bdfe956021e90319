import type { Database } from '@stagewatch/db/database.ts'
import type { Logger } from 'pino'
import type { Clock } from './clock/clock.ts'

/** After this time without an answer, numbers may not be shown as current. A database failover takes less. */
const outageAfterMs = 8_000
const warnEveryMs = 60_000
const secondMs = 1_000

export interface DatabaseMonitorOptions {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Tracks whether this server instance can read its database, and since when it cannot. An outage ends when the instance
 * has caught up with everything written in the meantime. The embedded database runs in this process and is never away.
 */
export class DatabaseMonitor {
  readonly #options: DatabaseMonitorOptions
  /** Elapsed time at which the numbers last were known to match the database. */
  #currentAt: number
  /** A query has not been answered yet. Without one, silence means nothing. */
  #isUnanswered = false
  #isBehind = false
  #warnedAt = Number.NEGATIVE_INFINITY

  constructor(options: DatabaseMonitorOptions) {
    this.#options = options
    this.#currentAt = options.clock.elapsed()
  }

  /** The age of the shown numbers (epoch ms, to the second) while newer ones cannot be read; otherwise undefined. */
  get dataAsOf(): number | undefined {
    const { clock, database } = this.#options
    const silentMs = clock.elapsed() - this.#currentAt
    if (database.kind === 'embedded' || !this.#isUnanswered || silentMs < outageAfterMs) return undefined
    return Math.floor((clock.now() - silentMs) / secondMs) * secondMs
  }

  /** Reading the event log failed. Until it succeeds, an answer of the database does not make the numbers current. */
  fellBehind(): void {
    this.#isBehind = true
  }

  /**
   * Checks whether the database answers; to be called every second.
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
      if (wasOut) logger.info({ outageMs: Math.round(askedAt - this.#currentAt) }, 'the database is reachable again')
      this.#currentAt = askedAt
      this.#isUnanswered = false
      this.#isBehind = false
    } catch (error) {
      if (this.dataAsOf === undefined || clock.elapsed() - this.#warnedAt < warnEveryMs) return
      this.#warnedAt = clock.elapsed()
      const message = 'the database is unreachable: screens mark their figures as out of date'
      logger.warn({ err: error, dataAsOf: this.dataAsOf }, message)
    }
  }
}
