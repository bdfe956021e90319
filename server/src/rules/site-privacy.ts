import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { privacy } from '@stagewatch/shared/contract/privacy.ts'
import { openPrivacy, type Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { anyVersion, requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { announceRules } from './rules-version.ts'

const storedPrivacy = privacy.extend({
  customers: privacy.shape.customers.default('shown'),
  amounts: privacy.shape.amounts.default('shown'),
  people: privacy.shape.people.default('shown'),
})

/** The fields of orders that a site hides from everybody who looks at them. */
export class SitePrivacy {
  readonly #database: Database
  readonly #site: string
  readonly #clock: Clock
  #now: Privacy = openPrivacy

  constructor(database: Database, site: string, clock: Clock) {
    this.#database = database
    this.#site = site
    this.#clock = clock
  }

  get now(): Privacy {
    return this.#now
  }

  /** Loads what any server instance has written. */
  async read(): Promise<void> {
    this.#now = await loadPrivacy(this.#database, this.#site)
  }

  /** @throws AppError `conflict` when somebody else has changed it. */
  async save(after: Privacy, actor: Actor, expected: ExpectedVersion = anyVersion): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const before = storedIn(await select(tx, this.#site).for('update'))
      requireVersion(expected, { current: before, yours: after })
      if (isDeepStrictEqual(before, after)) return
      await savePrivacy(tx, this.#site, after)
      const change = { changedAt: this.#clock.now(), actor, action: 'privacy.changed', subject: '' } as const
      await recordChange(tx, this.#site, { ...change, before, after })
      await announceRules(tx, this.#site)
    })
    await this.read()
  }
}

export async function loadPrivacy(db: Queryable, site: string): Promise<Privacy> {
  return storedIn(await select(db, site))
}

export async function savePrivacy(tx: Queryable, site: string, after: Privacy): Promise<void> {
  await drizzleOn(tx).update(sites).set({ privacy: after }).where(eq(sites.code, site))
}

function select(db: Queryable, site: string) {
  return drizzleOn(db).select({ stored: sites.privacy }).from(sites).where(eq(sites.code, site))
}

function storedIn([row]: readonly { readonly stored: unknown }[]): Privacy {
  return storedPrivacy.parse(row?.stored ?? {})
}
