import { randomBytes } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { webhooks } from '@stagewatch/db/reactions-schema.ts'
import type { Webhook, WebhookRequest, WebhookSecret } from '@stagewatch/shared/contract/webhooks.ts'
import { and, eq } from 'drizzle-orm'
import { recordAccessChange } from '../access/record-access-change.ts'
import type { Author } from '../access/record-access-change.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { SealedSecretError } from '../platform/secret-box.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'
import { lockSite } from '../rules/catalog-table.ts'
import { requireAddress } from './require-address.ts'
import { openSecrets, sealReadableSecrets, storedSecrets } from './webhook-secrets.ts'
import { newWebhookSecret } from './webhook-signature.ts'
import { editable, insertWebhook, loadWebhook, loadWebhooks, lockWebhook, publicWebhook } from './webhooks-table.ts'
import { replaceSecrets, updateWebhook } from './webhooks-table.ts'
import type { StoredWebhook } from './webhooks-table.ts'

/** Maximum number per site, because each webhook causes a request for every event. */
const maxWebhooks = 20
/** How long the previous secret still signs, so that a receiver has time to switch to the new one. */
const rotationMs = 24 * 3_600_000

interface WebhooksOptions {
  readonly database: Database
  readonly clock: Clock
  readonly secrets: SecretKeys
  /** Requests to private networks are allowed. */
  readonly allowsPrivate: boolean
}

/** The webhooks of a site, for its administrators. */
export class Webhooks {
  readonly #database: Database
  readonly #clock: Clock
  readonly #keys: SecretKeys
  readonly #allowsPrivate: boolean

  constructor({ database, clock, secrets, allowsPrivate }: WebhooksOptions) {
    this.#database = database
    this.#clock = clock
    this.#keys = secrets
    this.#allowsPrivate = allowsPrivate
  }

  async list(site: string): Promise<Webhook[]> {
    return (await loadWebhooks(this.#database, site)).map(publicWebhook)
  }

  /**
   * @throws AppError `invalid_field` when the address is not allowed, `conflict` when there are too many,
   * `secrets_key_missing` when there is no key to encrypt the secret with.
   */
  async create(request: WebhookRequest, author: Author): Promise<WebhookSecret> {
    await requireAddress(request.url, this.#allowsPrivate, 'url')
    const box = await this.#keys.box()
    const [id, secret, createdAt] = [randomBytes(9).toString('base64url'), newWebhookSecret(), this.#clock.now()]
    await this.#database.transaction(async (tx) => {
      // Serialized, so that the number of webhooks stays within the limit.
      await lockSite(tx, author.site)
      if ((await loadWebhooks(tx, author.site)).length >= maxWebhooks) {
        throw new AppError('conflict', `a site has at most ${maxWebhooks} webhooks: delete one that is not needed`)
      }
      const secrets = await storedSecrets(tx, box, author.site, id, { secret })
      await insertWebhook(tx, author.site, { ...request, id, secrets, createdAt })
      const change = { action: 'webhook.created', subject: id, after: recorded(request) } as const
      await recordAccessChange(tx, author, createdAt, change)
    })
    return { id, secret }
  }

  /** @throws AppError `not_found`, `conflict` when somebody else has saved it, `invalid_field` for its address. */
  async change(id: string, request: WebhookRequest, author: Author, expected: ExpectedVersion): Promise<Webhook> {
    await requireAddress(request.url, this.#allowsPrivate, 'url')
    return this.#edit(id, author, async (tx, before) => {
      requireVersion(expected, { current: editable(before), yours: editable(request) })
      await updateWebhook(tx, author.site, id, request)
      const change = { action: 'webhook.changed', subject: id, before: recorded(before), after: recorded(request) }
      await recordAccessChange(tx, author, this.#clock.now(), { ...change, action: 'webhook.changed' })
      return publicWebhook((await loadWebhook(tx, author.site, id)) ?? before)
    })
  }

  /** @throws AppError `not_found`. */
  async delete(id: string, author: Author): Promise<void> {
    await this.#edit(id, author, async (tx, before) => {
      await drizzleOn(tx)
        .delete(webhooks)
        .where(and(eq(webhooks.site, author.site), eq(webhooks.id, id)))
      const change = { action: 'webhook.deleted', subject: id, before: recorded(before) } as const
      await recordAccessChange(tx, author, this.#clock.now(), change)
    })
  }

  /**
   * Creates a new secret; the previous one also signs for a day, unless it cannot be decrypted any more.
   * @throws AppError `not_found`, `secrets_key_missing`.
   */
  async rotateSecret(id: string, author: Author): Promise<WebhookSecret> {
    const box = await this.#keys.box()
    const secret = newWebhookSecret()
    await this.#edit(id, author, async (tx, before) => {
      const now = this.#clock.now()
      const previous = await this.#readableSecret(author.site, before)
      const secrets = await storedSecrets(tx, box, author.site, id, { secret, previous })
      await replaceSecrets(tx, author.site, id, secrets, previous === undefined ? null : now + rotationMs)
      const change = { action: 'webhook.rotated', subject: id, before: recorded(before), after: recorded(before) }
      await recordAccessChange(tx, author, now, { ...change, action: 'webhook.rotated' })
    })
    return { id, secret }
  }

  /** Encrypts the secrets of all sites that are still readable in the database. */
  sealSecrets(): Promise<void> {
    return sealReadableSecrets(this.#database, this.#keys)
  }

  /** Undefined if it cannot be decrypted, because its key has been lost. */
  async #readableSecret(site: string, { id, secrets }: StoredWebhook): Promise<string | undefined> {
    try {
      return (await openSecrets(this.#keys, site, id, secrets)).secret
    } catch (error) {
      if (error instanceof SealedSecretError) return undefined
      throw error
    }
  }

  #edit<T>(
    id: string,
    { site }: Author,
    work: (tx: Parameters<typeof loadWebhook>[0], before: StoredWebhook) => Promise<T>,
  ): Promise<T> {
    return this.#database.transaction(async (tx) => {
      const before = await lockWebhook(tx, site, id)
      if (before === undefined) throw noSuchWebhook()
      return work(tx, before)
    })
  }
}

export function noSuchWebhook(): AppError {
  return new AppError('not_found', 'there is no such webhook', { field: 'id' })
}

/** The part that the change log stores: the rest of the URL is often a secret. */
function recorded({ name, url, events, enabled }: WebhookRequest) {
  return { name, url: new URL(url).origin, events, enabled }
}
