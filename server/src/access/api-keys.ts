import { hash, randomBytes } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { KeyCreated, KeyRequest, KeyScope } from '@stagewatch/shared/contract/admin.ts'
import type { Clock } from '../clock/clock.ts'

/** A key as a request shows it: what its bearer may do, and where. */
export interface ApiKey {
  readonly site: string
  readonly name: string
  readonly scopes: readonly KeyScope[]
}

/** A key that was revoked may still be used for so long. */
const rememberedMs = 5_000
const rememberedKeys = 10_000

/** The keys of all sites. Found ones are remembered for a moment, because senders show theirs with every request. */
export class ApiKeys {
  readonly #database: Queryable
  readonly #clock: Clock
  readonly #remembered = new Map<string, { readonly key: ApiKey; readonly until: number }>()

  constructor(database: Queryable, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  /** Creates a key. It is returned once; the database keeps its hash only. */
  async create(site: string, request: KeyRequest): Promise<KeyCreated> {
    const id = randomBytes(6).toString('hex')
    const key = `sw_${randomBytes(32).toString('base64url')}`
    await this.#database.query(
      'insert into api_keys (site, id, name, scopes, hash) values ($1, $2, $3, $4::text[], $5)',
      [site, id, request.name, request.scopes, keyHash(key)],
    )
    return { id, key }
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

/** The key is 256 random bits, so a plain hash tells nothing of it. */
function keyHash(key: string): string {
  return hash('sha256', key, 'hex')
}
