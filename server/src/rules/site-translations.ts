import { isDeepStrictEqual } from 'node:util'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { translations, type Translations } from '@stagewatch/shared/contract/names.ts'
import { eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { anyVersion, requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { announceRules } from './rules-version.ts'
import type { SiteDepartments } from './site-departments.ts'

/** Translations of the texts in a site's events. */
export class SiteTranslations {
  readonly #database: Database
  readonly #site: string
  readonly #clock: Clock
  readonly #departments: Pick<SiteDepartments, 'nameOf'>
  #now: Translations = {}

  constructor(database: Database, site: string, clock: Clock, departments: Pick<SiteDepartments, 'nameOf'>) {
    this.#database = database
    this.#site = site
    this.#clock = clock
    this.#departments = departments
  }

  get now(): Translations {
    return this.#now
  }

  /** The translations of those texts that have one, of their own or as a department; undefined if none has. */
  of(texts: Iterable<string>): Translations | undefined {
    const found: [string, Translations[string]][] = []
    for (const text of new Set(texts)) {
      const own = Object.hasOwn(this.#now, text) ? this.#now[text] : undefined
      const translated = this.#departments.nameOf(text) ?? own
      if (translated !== undefined) found.push([text, translated])
    }
    return found.length === 0 ? undefined : Object.fromEntries(found)
  }

  /** Loads what any server instance has written. */
  async read(): Promise<void> {
    this.#now = await loadTranslations(this.#database, this.#site)
  }

  /** @throws AppError `conflict` when somebody else has changed them. */
  async save(after: Translations, actor: Actor, expected: ExpectedVersion = anyVersion): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const before = storedIn(await select(tx, this.#site).for('update'))
      requireVersion(expected, { current: before, yours: after })
      if (isDeepStrictEqual(before, after)) return
      await saveTranslations(tx, this.#site, after)
      const change = { changedAt: this.#clock.now(), actor, action: 'translations.changed', subject: '' } as const
      await recordChange(tx, this.#site, { ...change, before, after })
      await announceRules(tx, this.#site)
    })
    await this.read()
  }
}

export async function loadTranslations(db: Queryable, site: string): Promise<Translations> {
  return storedIn(await select(db, site))
}

export async function saveTranslations(tx: Queryable, site: string, after: Translations): Promise<void> {
  await drizzleOn(tx).update(sites).set({ translations: after }).where(eq(sites.code, site))
}

function select(db: Queryable, site: string) {
  return drizzleOn(db).select({ stored: sites.translations }).from(sites).where(eq(sites.code, site))
}

function storedIn([row]: readonly { readonly stored: unknown }[]): Translations {
  return translations.parse(row?.stored ?? {})
}
