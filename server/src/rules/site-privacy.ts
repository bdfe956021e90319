import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { privacy } from '@stagewatch/shared/contract/privacy.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { anyVersion, requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { announceRules } from './rules-version.ts'

const stored = privacy.extend({
  customers: privacy.shape.customers.default('shown'),
  amounts: privacy.shape.amounts.default('shown'),
  people: privacy.shape.people.default('shown'),
})

/** What a site keeps from everybody who looks at its orders. */
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

  /** Takes over what any server instance has written. */
  async read(): Promise<void> {
    this.#now = await this.#load(this.#database, '')
  }

  /** @throws AppError `conflict` when somebody else has changed it. */
  async save(after: Privacy, actor: Actor, expected: ExpectedVersion = anyVersion): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const before = await this.#load(tx, 'for update')
      requireVersion(expected, { current: before, yours: after })
      if (isDeepStrictEqual(before, after)) return
      await tx.query('update sites set privacy = $2::text::jsonb where code = $1', [this.#site, JSON.stringify(after)])
      const change = { changedAt: this.#clock.now(), actor, action: 'privacy.changed', subject: '' } as const
      await recordChange(tx, this.#site, { ...change, before, after })
      await announceRules(tx, this.#site)
    })
    await this.read()
  }

  async #load(db: Queryable, lock: '' | 'for update'): Promise<Privacy> {
    const [row] = await db.query<{ privacy: unknown }>(`select privacy from sites where code = $1 ${lock}`, [
      this.#site,
    ])
    return stored.parse(row?.privacy ?? {})
  }
}
