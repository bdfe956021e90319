import { hash, randomBytes } from 'node:crypto'
import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Work } from '@stagewatch/db/database.ts'
import type { KeyCreated, KeyList, KeyRequest, KeyScope } from '@stagewatch/shared/contract/admin.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock/clock.ts'
import { recordAccessChange } from './record-access-change.ts'
import type { Author } from './record-access-change.ts'

/** A key as a request shows it: what its bearer may do, and where. */
export interface ApiKey {
  readonly site: string
  readonly name: string
  readonly scopes: readonly KeyScope[]
}

/** A key that another process has revoked may still be used for so long. */
const rememberedMs = 5_000
const rememberedKeys = 10_000

/** The keys of all sites. Found ones are remembered for a moment, because senders show theirs with every request. */
export class ApiKeys {
  readonly #database: Work
  readonly #clock: Clock
  readonly #remembered = new Map<string, { readonly key: ApiKey; readonly until: number }>()

  constructor(database: Work, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Creates a key. It is returned once; the database keeps its hash only. */
  async create(site: string, { name, scopes }: KeyRequest, author = server(site)): Promise<KeyCreated> {
    const id = randomBytes(6).toString('hex')
    const key = `sw_${randomBytes(32).toString('base64url')}`
    await this.#database.transaction(async (tx) => {
      await tx.query('insert into api_keys (site, id, name, scopes, hash) values ($1, $2, $3, $4::text[], $5)', [
        site,
        id,
        name,
        scopes,
        keyHash(key),
      ])
      const change = { action: 'key.created', subject: id, after: { name, scopes } } as const
      await recordAccessChange(tx, author, this.#clock.now(), change)
    })
    return { id, key }
  }

  /** All keys of a site, also those that were revoked. */
  async list(site: string): Promise<KeyList['keys']> {
    const rows = await this.#database.query<KeyRow>(
      `select id, name, scopes, ${epochMs('created_at')} as "createdAt", ${epochMs('revoked_at')} as "revokedAt"
       from api_keys where site = $1 order by created_at desc, id`,
      [site],
    )
    return rows.map(({ createdAt, revokedAt, ...key }) => ({
      ...key,
      createdAt: Math.round(createdAt),
      ...(revokedAt !== null && { revokedAt: Math.round(revokedAt) }),
    }))
  }

  /** @throws AppError `not_found` when there is no such key, or it was revoked before. */
  async revoke(id: string, author: Author): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const now = this.#clock.now()
      const [key] = await tx.query<{ name: string; scopes: KeyScope[] }>(
        `update api_keys set revoked_at = ${toInstant('$3::float8')}
         where site = $1 and id = $2 and revoked_at is null returning name, scopes`,
        [author.site, id, now],
      )
      if (key === undefined) throw new AppError('not_found', 'there is no such key', { field: 'id' })
      await recordAccessChange(tx, author, now, { action: 'key.revoked', subject: id, before: key })
    })
    this.#remembered.clear()
  }

  /** Whether there was a key with this secret when it was last looked for. */
  hasBeenUsed(secret: string): boolean {
    return this.#remembered.has(keyHash(secret))
  }

  /** The key with this secret; undefined: there is none, or it was revoked. */
  async find(secret: string): Promise<ApiKey | undefined> {
    const digest = keyHash(secret)
    const now = this.#clock.now()
    const remembered = this.#remembered.get(digest)
    if (remembered !== undefined && remembered.until > now) return remembered.key
    const [key] = await this.#database.query<ApiKey>(
      'select site, name, scopes from api_keys where hash = $1 and revoked_at is null',
      [digest],
    )
    if (key === undefined) {
      this.#remembered.delete(digest)
      return undefined
    }
    if (this.#remembered.size >= rememberedKeys) this.#remembered.clear()
    this.#remembered.set(digest, { key, until: now + rememberedMs })
    return key
  }
}

interface KeyRow {
  readonly id: string
  readonly name: string
  readonly scopes: KeyScope[]
  /** Epoch ms. */
  readonly createdAt: number
  readonly revokedAt: number | null
}

/** Who creates a key that nobody asked for. */
function server(site: string): Author {
  return { kind: 'operator', name: 'server', site }
}

/** The key is 256 random bits, so a plain hash tells nothing of it. */
function keyHash(key: string): string {
  return hash('sha256', key, 'hex')
}
