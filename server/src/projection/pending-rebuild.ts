import type { Database, Queryable, Work } from '@stagewatch/db/database.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { every } from '../platform/clock/every.ts'
import { announceRules, raiseRules } from '../rules/rules-version.ts'

/** A server instance that has not said for so long that it is at it is taken for dead. */
const claimS = 30
const renewEveryMs = 10_000

interface PendingRebuildOptions {
  readonly database: Database
  readonly site: string
  readonly clock: Clock
  /** Names this server instance. */
  readonly origin: string
  readonly failed: (error: unknown) => void
}

/**
 * The rebuild that a change of rules, or a new version of the program, calls for. It is written down in the transaction
 * of the change, so that whatever dies afterwards, an instance that looks later takes it up; one at a time, as long as
 * that one is alive.
 */
export class PendingRebuild {
  readonly #options: PendingRebuildOptions
  #underWay = 0

  constructor(options: PendingRebuildOptions) {
    this.#options = options
  }

  /** Whether the orders have to be folded again and this instance is to do it, because nobody else is at it. */
  async claim(): Promise<boolean> {
    if (this.#underWay > 0) return false
    const { database, site, origin } = this.#options
    const claimed = await database.query(
      `update sites set rebuild_origin = $2, rebuild_until = ${claimEnd} where code = $1 and rebuild_version is not null
         and ($3 or rebuild_until is null or rebuild_until < clock_timestamp() or rebuild_origin = $2) returning code`,
      // The embedded database has no other instance: who claimed it has died.
      [site, origin, database.kind === 'embedded'],
    )
    return claimed.length > 0
  }

  /** Keeps others from doing the same while `rebuild` runs. */
  async during<T>(rebuild: () => Promise<T>): Promise<T> {
    const { clock, failed } = this.#options
    const stop = every(clock, renewEveryMs, () => this.#renew(), failed)
    this.#underWay += 1
    try {
      await this.#renew()
      return await rebuild()
    } finally {
      this.#underWay -= 1
      await stop()
    }
  }

  async #renew(): Promise<void> {
    const { database, site, origin } = this.#options
    await database.query(
      `update sites set rebuild_origin = $2, rebuild_until = ${claimEnd} where code = $1 and rebuild_version is not null`,
      [site, origin],
    )
  }
}

const claimEnd = `clock_timestamp() + interval '${claimS} s'`

/** Whether orders of the site have yet to be folded again. */
export async function isRebuildPending(db: Queryable, site: string): Promise<boolean> {
  const [row] = await db.query<{ isPending: boolean }>(
    `select rebuild_version is not null as "isPending" from sites where code = $1`,
    [site],
  )
  return row?.isPending === true
}

/**
 * Every order of the site was folded again: all instances read them. A rebuild that was called for since stays pending.
 * @param version of the rules that were in force when the rebuild began.
 */
export function announceRebuild(database: Work, site: string, version: number): Promise<void> {
  return database.transaction(async (tx) => {
    await tx.query(
      `update sites set rebuild_version = null, rebuild_origin = null, rebuild_until = null
       where code = $1 and rebuild_version <= $2`,
      [site, version],
    )
    await raiseRules(tx, site)
    await announceRules(tx, site)
  })
}
