import type { Database, Queryable, Work } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { newestMigration } from '@stagewatch/db/installed-versions.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { databaseNow, inMs, isBeyondLease } from '@stagewatch/db/sql-expressions.ts'
import { installedVersions } from '@stagewatch/db/versions-schema.ts'
import { and, eq, gt, isNotNull, isNull, lt, lte, notExists, or } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { Clock } from '../platform/clock/clock.ts'
import { every } from '../platform/clock/every.ts'
import { announceRules, raiseRules } from '../rules/rules-version.ts'

/** A server instance that has not renewed its claim for this long is considered dead. */
const claimMs = 30_000
const renewEveryMs = 10_000

interface PendingRebuildOptions {
  readonly database: Database
  readonly site: string
  readonly clock: Clock
  /** Identifies this server instance. */
  readonly origin: string
  readonly failed: (error: unknown) => void
}

/**
 * The rebuild after a change of rules or a new version of the program. It is stored in the transaction of the change,
 * so that another instance takes over if one crashes; only one live instance rebuilds at a time.
 */
export class PendingRebuild {
  readonly #options: PendingRebuildOptions
  #underWay = 0

  constructor(options: PendingRebuildOptions) {
    this.#options = options
  }

  /** Whether the orders must be folded again by this instance, because no other one is doing it. */
  async claim(): Promise<boolean> {
    if (this.#underWay > 0) return false
    const { database, origin } = this.#options
    const isFree = and(
      or(
        isNull(sites.rebuildUntil),
        lt(sites.rebuildUntil, databaseNow),
        isBeyondLease(sites.rebuildUntil, claimMs),
        eq(sites.rebuildOrigin, origin),
      ),
      // After a migration of a newer version, this instance would fold the orders as before.
      notExists(newerVersions(drizzleOn(database))),
    )
    // An embedded database has no other instance, so a previous claim belongs to a dead one.
    return this.#extend(database.kind === 'embedded' ? undefined : isFree)
  }

  /** Keeps the claim while `rebuild` runs, so that no other instance starts the same. */
  async during<T>(rebuild: () => Promise<T>): Promise<T> {
    const { clock, failed } = this.#options
    const stop = every(clock, renewEveryMs, async () => void (await this.#extend()), failed)
    this.#underWay += 1
    try {
      await this.#extend()
      return await rebuild()
    } finally {
      this.#underWay -= 1
      await stop()
    }
  }

  /** @returns whether a rebuild is pending and now claimed by this instance. */
  async #extend(isFree?: SQL): Promise<boolean> {
    const { database, site, origin } = this.#options
    const claimed = await drizzleOn(database)
      .update(sites)
      .set({ rebuildOrigin: origin, rebuildUntil: inMs(claimMs) })
      .where(and(isPending(site), isFree))
    return claimed.rowCount > 0
  }
}

function newerVersions(on: ReturnType<typeof drizzleOn>) {
  const isNewer = gt(installedVersions.newestMigration, newestMigration)
  return on.select({ version: installedVersions.version }).from(installedVersions).where(isNewer)
}

function isPending(site: string) {
  return and(eq(sites.code, site), isNotNull(sites.rebuildVersion))
}

/** Whether orders of the site still have to be folded again. */
export async function isRebuildPending(db: Queryable, site: string): Promise<boolean> {
  const pending = await drizzleOn(db).select({ code: sites.code }).from(sites).where(isPending(site))
  return pending.length > 0
}

/**
 * Announces that every order of the site was folded again, so that all instances read them. A rebuild requested in the
 * meantime stays pending.
 * @param version version of the rules at the start of the rebuild.
 */
export function announceRebuild(database: Work, site: string, version: number): Promise<void> {
  return database.transaction(async (tx) => {
    await drizzleOn(tx)
      .update(sites)
      .set({ rebuildVersion: null, rebuildOrigin: null, rebuildUntil: null })
      .where(and(eq(sites.code, site), lte(sites.rebuildVersion, version)))
    await raiseRules(tx, site)
    await announceRules(tx, site)
  })
}
