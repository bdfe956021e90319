import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { retention } from '@stagewatch/shared/contract/retention.ts'
import type { Retention } from '@stagewatch/shared/contract/retention.ts'
import { eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { anyVersion, requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { announceRules } from './rules-version.ts'

/** When the events of a site's ended orders are archived, and whether some are. */
export class SiteRetention {
  readonly #database: Database
  readonly #site: string
  readonly #clock: Clock
  #now: Retention = {}
  #hasArchives = false

  constructor(database: Database, site: string, clock: Clock) {
    this.#database = database
    this.#site = site
    this.#clock = clock
  }

  get now(): Retention {
    return this.#now
  }

  /** Archives of other server instances are noticed within seconds. */
  get hasArchives(): boolean {
    return this.#hasArchives
  }

  /** Loads what any server instance has written. */
  async read(): Promise<void> {
    const [row] = await drizzleOn(this.#database)
      .select({ stored: sites.retention, archive: archives.id })
      .from(sites)
      .leftJoin(archives, eq(archives.site, sites.code))
      .where(eq(sites.code, this.#site))
      .limit(1)
    this.#now = retention.parse(row?.stored ?? {})
    this.#hasArchives = row !== undefined && row.archive !== null
  }

  /** @throws AppError `conflict` when somebody else has changed it. */
  async save(after: Retention, actor: Actor, expected: ExpectedVersion = anyVersion): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const before = storedIn(await select(tx, this.#site).for('update'))
      requireVersion(expected, { current: before, yours: after })
      if (isDeepStrictEqual(before, after)) return
      await saveRetention(tx, this.#site, after)
      const change = { changedAt: this.#clock.now(), actor, action: 'retention.changed', subject: '' } as const
      await recordChange(tx, this.#site, { ...change, before, after })
      await announceRules(tx, this.#site)
    })
    await this.read()
  }
}

export async function loadRetention(db: Queryable, site: string): Promise<Retention> {
  return storedIn(await select(db, site))
}

export async function saveRetention(tx: Queryable, site: string, after: Retention): Promise<void> {
  await drizzleOn(tx).update(sites).set({ retention: after }).where(eq(sites.code, site))
}

function select(db: Queryable, site: string) {
  return drizzleOn(db).select({ stored: sites.retention }).from(sites).where(eq(sites.code, site))
}

function storedIn([row]: readonly { readonly stored: unknown }[]): Retention {
  return retention.parse(row?.stored ?? {})
}
