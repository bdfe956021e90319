import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { newestMigration, refoldsAfter } from '@stagewatch/db/installed-versions.ts'
import { productVersion } from '@stagewatch/db/product-version.ts'
import { orders, sites } from '@stagewatch/db/schema.ts'
import { epochMsOf } from '@stagewatch/db/sql-expressions.ts'
import { installedVersions, serverInstances } from '@stagewatch/db/versions-schema.ts'
import { and, desc, eq, exists, gt, isNotNull, isNull, lt, notExists, or, sql } from 'drizzle-orm'
import { deadAfterS } from '../platform/older-instances.ts'
import { announceRules, requireRebuild } from '../rules/rules-version.ts'

/** An instance that has not reported for so long is not shown any more. */
const shownForS = 35
/** More instances are not shown. */
const maxShown = 50

/** A running server instance. Instants are epoch ms by the clock of the database. */
export interface ServerInstance {
  readonly id: string
  readonly version: string
  readonly startedAt: number
  readonly seenAt: number
}

/**
 * The server instances that run on this database. While an instance of an older version is running, it folds the orders
 * that it receives events for in its own way. When the last one has ended, the orders are folded again if a migration
 * that the older version did not know has changed how.
 */
export class ServerInstances {
  readonly #database: Database
  readonly #id: string
  readonly #version: string
  readonly #newestMigration: number

  /** @param id origin of this server instance. */
  constructor(
    database: Database,
    id: string,
    program: { readonly version: string; readonly newestMigration: number } = {
      version: productVersion,
      newestMigration,
    },
  ) {
    this.#database = database
    this.#id = id
    this.#version = program.version
    this.#newestMigration = program.newestMigration
  }

  /** Says that this instance runs; has to be called every few seconds. */
  async report(): Promise<void> {
    const seen = { seenAt: sql`now()`, stoppedAt: null }
    await drizzleOn(this.#database)
      .insert(serverInstances)
      .values({ id: this.#id, version: this.#version, newestMigration: this.#newestMigration })
      .onConflictDoUpdate({ target: serverInstances.id, set: seen })
    await this.#removeEnded()
  }

  /** Says that this instance ends, as the last thing that it stores. */
  async end(): Promise<void> {
    await drizzleOn(this.#database)
      .update(serverInstances)
      .set({ stoppedAt: sql`now()` })
      .where(eq(serverInstances.id, this.#id))
  }

  /** The longest running first. */
  list(): Promise<ServerInstance[]> {
    return drizzleOn(this.#database)
      .select({
        id: serverInstances.id,
        version: serverInstances.version,
        startedAt: serverInstances.startedAt,
        seenAt: serverInstances.seenAt,
      })
      .from(serverInstances)
      .where(
        and(
          isNull(serverInstances.stoppedAt),
          gt(serverInstances.seenAt, sql`now() - make_interval(secs => ${shownForS})`),
        ),
      )
      .orderBy(serverInstances.startedAt, serverInstances.id)
      .limit(maxShown)
  }

  /** Only the newest version knows what has to be done after the older ones. */
  async #removeEnded(): Promise<void> {
    const dead = lt(serverInstances.seenAt, sql`now() - make_interval(secs => ${deadAfterS})`)
    await this.#database.transaction(async (tx) => {
      const on = drizzleOn(tx)
      // Seen by a clock that was set back since: whether the instance runs is known when it reports again, or does not.
      await on
        .update(serverInstances)
        .set({ seenAt: sql`now()` })
        .where(gt(serverInstances.seenAt, sql`now() + make_interval(secs => ${deadAfterS})`))
      const newer = on
        .select({ version: installedVersions.version })
        .from(installedVersions)
        .where(gt(installedVersions.newestMigration, this.#newestMigration))
      const ended = await on
        .delete(serverInstances)
        .where(and(or(isNotNull(serverInstances.stoppedAt), dead), notExists(newer)))
        .returning({
          newestMigration: serverInstances.newestMigration,
          lastAt: sql<number>`${epochMsOf(sql`coalesce(${serverInstances.stoppedAt}, ${serverInstances.seenAt})`)}`,
        })
      const upgradedAt = await this.#upgradedAt(tx)
      const older = ended.filter(({ newestMigration: known, lastAt }) => {
        return known < this.#newestMigration && upgradedAt !== undefined && lastAt >= upgradedAt
      })
      if (older.length === 0) return
      if (await refoldsAfter(Math.min(...older.map((one) => one.newestMigration)))) await foldAgain(tx)
    })
  }

  /** When the tables got the newest migration of this version, epoch ms. Undefined: this is not known. */
  async #upgradedAt(tx: Queryable): Promise<number | undefined> {
    const [newest] = await drizzleOn(tx)
      .select({ at: installedVersions.firstStartedAt })
      .from(installedVersions)
      .where(eq(installedVersions.newestMigration, this.#newestMigration))
      .orderBy(installedVersions.firstStartedAt)
      .limit(1)
    return newest?.at
  }
}

async function foldAgain(tx: Queryable): Promise<void> {
  const on = drizzleOn(tx)
  const ofSite = on.select({ order: orders.orderId }).from(orders).where(eq(orders.site, sites.code))
  const found = await on.select({ code: sites.code }).from(sites).where(exists(ofSite)).orderBy(sites.code)
  for (const { code } of found) {
    await requireRebuild(tx, code)
    await announceRules(tx, code)
  }
}

/** The version that ran on this database before the current one, and when the current one was first started. */
export interface LastUpgrade {
  readonly from: string
  /** Epoch ms by the clock of the database. */
  readonly at: number
}

/** @returns undefined if no other version has run on this database. */
export async function lastUpgrade(database: Database): Promise<LastUpgrade | undefined> {
  const rows = await drizzleOn(database)
    .select({ version: installedVersions.version, at: installedVersions.firstStartedAt })
    .from(installedVersions)
    .orderBy(desc(installedVersions.firstStartedAt))
    .limit(2)
  const [current, before] = rows
  if (current?.version !== productVersion || before === undefined) return undefined
  return { from: before.version, at: current.at }
}
