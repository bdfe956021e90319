import { hash, randomBytes } from 'node:crypto'
import type { Work } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { apiKeys } from '@stagewatch/db/schema.ts'
import type { KeyCreated, KeyList, KeyRequest, KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'
import { BriefCache } from '../platform/brief-cache.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { recordAccessChange } from './record-access-change.ts'
import type { Author } from './record-access-change.ts'

/** The bearer of a valid key: its permissions and its site. */
export interface ApiKey {
  readonly site: string
  readonly id: string
  readonly name: string
  readonly scopes: readonly KeyScope[]
  /** Null means all. */
  readonly sources: readonly string[] | null
}

/** How long a key that another server instance has revoked may still be used. */
const cachedMs = 5_000

/** The keys of all sites. Valid keys are cached briefly, because senders send theirs with every request. */
export class ApiKeys {
  readonly #database: Work
  readonly #clock: Clock
  readonly #cached: BriefCache<ApiKey>

  constructor(database: Work, clock: Clock) {
    this.#database = database
    this.#clock = clock
    this.#cached = new BriefCache(clock, cachedMs)
  }

  /** Size and limit of the cache. */
  get usage() {
    return this.#cached.usage
  }

  /** Creates a key. The secret is returned only here; the database stores its hash. */
  async create(site: string, { name, scopes, sources }: KeyRequest, author = server(site)): Promise<KeyCreated> {
    const id = randomBytes(6).toString('hex')
    const key = `sw_${randomBytes(32).toString('base64url')}`
    await this.#database.transaction(async (tx) => {
      await drizzleOn(tx)
        .insert(apiKeys)
        .values({
          site,
          id,
          name,
          scopes,
          hash: keyHash(key),
          // In the normalized form that events use.
          sources: sources?.map((source) => normalIdentifier(source) ?? source) ?? null,
        })
      const change = {
        action: 'key.created',
        subject: id,
        after: { name, scopes, ...(sources && { sources }) },
      } as const
      await recordAccessChange(tx, author, this.#clock.now(), change)
    })
    return { id, key }
  }

  /** All keys of a site, including revoked ones. */
  async list(site: string): Promise<KeyList['keys']> {
    const { id, name, scopes, sources: ofSources, createdAt, revokedAt: ofRevokedAt } = apiKeys
    const rows = await drizzleOn(this.#database)
      .select({ id, name, scopes, sources: ofSources, createdAt, revokedAt: ofRevokedAt })
      .from(apiKeys)
      .where(eq(apiKeys.site, site))
      .orderBy(desc(createdAt), id)
    return rows.map(({ revokedAt, sources, ...key }) => ({
      ...key,
      ...(sources !== null && { sources: [...sources] }),
      ...(revokedAt !== null && { revokedAt }),
    }))
  }

  /** @throws AppError `not_found` when there is no such key, or it is revoked already. */
  async revoke(id: string, author: Author): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const now = this.#clock.now()
      const [key] = await drizzleOn(tx)
        .update(apiKeys)
        .set({ revokedAt: now })
        .where(and(eq(apiKeys.site, author.site), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
        .returning({ name: apiKeys.name, scopes: apiKeys.scopes })
      if (key === undefined) throw new AppError('not_found', 'there is no such key', { field: 'id' })
      await recordAccessChange(tx, author, now, { action: 'key.revoked', subject: id, before: key })
    })
    this.expire()
  }

  /** Called when keys have changed: each is looked up again at its next use. */
  expire(): void {
    this.#cached.expire()
  }

  /** The key with this secret; undefined if there is none, or it was revoked. */
  find(secret: string): Promise<ApiKey | undefined> {
    const digest = keyHash(secret)
    return this.#cached.find(digest, async () => {
      const { site, id, name, scopes, sources } = apiKeys
      const [key] = await drizzleOn(this.#database)
        .select({ site, id, name, scopes, sources })
        .from(apiKeys)
        .where(and(eq(apiKeys.hash, digest), isNull(apiKeys.revokedAt)))
      return key
    })
  }
}

/** The author of a key that no person created. */
function server(site: string): Author {
  return { kind: 'operator', name: 'server', site }
}

/** The key is 256 random bits, so a plain hash reveals nothing about it. */
function keyHash(key: string): string {
  return hash('sha256', key, 'hex')
}
