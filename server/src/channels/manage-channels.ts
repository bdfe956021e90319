import { randomBytes } from 'node:crypto'
import type { Database, Transaction } from '@stagewatch/db/database.ts'
import { channelFields } from '@stagewatch/shared/contract/channels.ts'
import type { Channel, ChannelRequest, SecretsRotated } from '@stagewatch/shared/contract/channels.ts'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import { recordAccessChange } from '../access/record-access-change.ts'
import type { Author } from '../access/record-access-change.ts'
import { requireAddress, requireHost } from '../connections/require-address.ts'
import { resealWebhooks } from '../connections/webhook-secrets.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { requireVersion, versionOf } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { SealedSecretError } from '../platform/secret-box.ts'
import type { SecretBox } from '../platform/secret-box.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'
import { lockSite } from '../rules/catalog-table.ts'
import { channelOf } from './channel-registry.ts'
import { deleteChannel, insertChannel, loadChannels, lockChannel, openSecrets } from './channels-table.ts'
import { resealChannels, sealSecrets, updateChannel } from './channels-table.ts'
import type { Secrets, Settings, StoredChannel, UsedChannel } from './channels-table.ts'
import { resealPush } from './push/push-table.ts'

/** Maximum number of channels per site; nobody could maintain more. */
const maxChannels = 50
/** Number of characters shown at the end of a secret, if it is long enough to stay secret. */
const shownEnd = 4
const leastHidden = 12

interface ChannelsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly secrets: SecretKeys
  /** Requests to private networks are allowed. */
  readonly allowsPrivate: boolean
}

/** The channels through which a site reaches people, for its administrators. */
export class Channels {
  readonly #options: ChannelsOptions

  constructor(options: ChannelsOptions) {
    this.#options = options
  }

  async list(site: string): Promise<Channel[]> {
    const stored = await loadChannels(this.#options.database, site)
    if (stored.length === 0) return []
    const box = await this.#options.secrets.box()
    return stored.map((channel) => publicChannel(channel, knownSecrets(box, site, channel)))
  }

  /** @throws AppError `invalid_field` or `missing_field` for a setting, `conflict` when there are too many. */
  async create(request: ChannelRequest, author: Author): Promise<Channel> {
    const secrets = requireSecrets(request, {})
    await this.#requireAddresses(request, secrets)
    const box = await this.#options.secrets.box()
    const [id, createdAt] = [randomBytes(9).toString('base64url'), this.#options.clock.now()]
    const stored: StoredChannel = {
      ...kept(request),
      id,
      kind: request.kind,
      createdAt,
      failingSince: null,
      triedAt: null,
      sealed: sealSecrets(box, author.site, id, secrets),
    }
    await this.#options.database.transaction(async (tx) => {
      // Serialized, so that the number of channels stays within the limit.
      await lockSite(tx, author.site)
      if ((await loadChannels(tx, author.site)).length >= maxChannels) {
        throw new AppError('conflict', `a site has at most ${maxChannels} channels: delete one that is not needed`)
      }
      await insertChannel(tx, author.site, stored)
      const change = { action: 'channel.created', subject: id, after: recorded(stored) } as const
      await recordAccessChange(tx, author, createdAt, change)
    })
    return publicChannel({ ...stored, blockedUntil: null, waitingCount: 0 }, secrets)
  }

  /**
   * @throws AppError like `create`; `missing_field` when the address changes without its secrets; `not_found`; `conflict`
   * when somebody else has saved it.
   */
  async change(id: string, request: ChannelRequest, author: Author, expected: ExpectedVersion): Promise<Channel> {
    const box = await this.#options.secrets.box()
    await this.#options.database.transaction(async (tx) => {
      const before = await requireChannel(tx, author.site, id)
      if (before.kind !== request.kind) {
        throw new AppError('invalid_field', `must stay ${before.kind}: create another channel`, {
          field: 'kind',
          reason: 'not_offered',
        })
      }
      const known = knownSecrets(box, author.site, before)
      requireSecretsAgain(request, before, known)
      const secrets = requireSecrets(request, known)
      await this.#requireAddresses(request, secrets)
      const yours = { ...kept(request), secrets: hints(secrets) }
      requireVersion(expected, { current: editable(before, known), yours, version: versionOfChannel(before, known) })
      const sealed = sealSecrets(box, author.site, id, secrets)
      await updateChannel(tx, author.site, id, { ...kept(request), sealed })
      const replaced = JSON.stringify(secrets) !== JSON.stringify(known)
      const after = { ...recorded({ ...before, ...kept(request) }), ...(replaced && { secrets: 'replaced' }) }
      const change = { action: 'channel.changed', subject: id, before: recorded(before), after } as const
      await recordAccessChange(tx, author, this.#options.clock.now(), change)
    })
    const saved = (await this.list(author.site)).find((channel) => channel.id === id)
    if (saved === undefined) throw noSuchChannel()
    return saved
  }

  /** Pending messages use the next route to their recipient. @throws AppError `not_found`. */
  async delete(id: string, author: Author): Promise<void> {
    await this.#options.database.transaction(async (tx) => {
      const before = await requireChannel(tx, author.site, id)
      await deleteChannel(tx, author.site, id)
      const change = { action: 'channel.deleted', subject: id, before: recorded(before) } as const
      await recordAccessChange(tx, author, this.#options.clock.now(), change)
    })
  }

  /**
   * Seals every secret with a new key. @returns their number.
   * @throws AppError `conflict` when one cannot be opened: nothing is sealed then.
   */
  async rotateKey(author: Author): Promise<SecretsRotated> {
    const { secrets, database } = this.#options
    let done = { resealed: 0, keyId: '' }
    await secrets
      .rotate(async (box) => {
        const resealed = await database.transaction(async (tx) => {
          const change = { action: 'secrets.rotated', subject: box.keyId } as const
          await recordAccessChange(tx, author, this.#options.clock.now(), change)
          return (await resealChannels(tx, box)) + (await resealWebhooks(tx, box)) + (await resealPush(tx, box))
        })
        done = { resealed, keyId: box.keyId }
      })
      .catch((error: unknown) => {
        if (!(error instanceof SealedSecretError)) throw error
        throw new AppError(
          'conflict',
          `${error.message}: put that key back, or enter again what stagewatch doctor names`,
        )
      })
    return done
  }

  async #requireAddresses({ kind, settings }: ChannelRequest, secrets: Secrets): Promise<void> {
    const { addresses } = channelOf(kind)
    const { allowsPrivate } = this.#options
    for (const name of addresses) {
      const ofSettings: Readonly<Record<string, unknown>> = settings
      const [value, field] =
        name in secrets ? [secrets[name], `secrets.${name}`] : [ofSettings[name], `settings.${name}`]
      if (typeof value !== 'string') continue
      if (name === 'host') await requireHost(value, allowsPrivate, field)
      else await requireAddress(value, allowsPrivate, field)
    }
  }
}

export function noSuchChannel(): AppError {
  return new AppError('not_found', 'there is no such channel', { field: 'id' })
}

async function requireChannel(tx: Transaction, site: string, id: string): Promise<StoredChannel> {
  const stored = await lockChannel(tx, site, id)
  if (stored === undefined) throw noSuchChannel()
  return stored
}

/** Without the key with which they were encrypted, there are none: they have to be entered again. */
function knownSecrets(box: SecretBox, site: string, channel: StoredChannel): Secrets {
  try {
    return openSecrets(box, site, channel)
  } catch (error) {
    if (error instanceof SealedSecretError) return {}
    throw error
  }
}

/** Settings that determine where secrets are sent, and whether they are encrypted on the way. */
const destination = ['endpoint', 'host', 'port', 'security'] as const

/**
 * A stored secret is sent only to the address for which it was entered. Otherwise, whoever may change a channel could
 * name a server of their own and read the secret there.
 * @throws AppError `missing_field`
 */
function requireSecretsAgain({ settings, secrets }: ChannelRequest, before: StoredChannel, known: Secrets): void {
  const asked: Readonly<Record<string, unknown>> = settings
  if (destination.every((name) => asked[name] === before.settings[name])) return
  const missing = Object.keys(known).filter((name) => secrets[name] === undefined)
  if (missing.length === 0) return
  const message = 'must be entered again, because the address of the channel changes'
  const details = missing.map((name) => ({ field: `secrets.${name}`, message, reason: 'enter_again' as const }))
  throw new AppError('missing_field', message, { details })
}

/** Merges the secrets of the request into the stored ones. @throws AppError when one is missing that the kind needs. */
function requireSecrets({ kind, secrets }: ChannelRequest, known: Secrets): Secrets {
  const parsed = channelFields[kind].secrets.safeParse({ ...known, ...secrets })
  if (parsed.success) return JSON.parse(JSON.stringify(parsed.data)) as Secrets
  const details = fieldIssues(parsed.error).map((issue) => ({ ...issue, field: `secrets.${issue.field}` }))
  throw new AppError('invalid_field', details[0]?.message ?? 'is wrong', { details })
}

function kept({ name, enabled, settings }: ChannelRequest) {
  // Removes undefined values, which must not be stored.
  return { name, enabled, settings: JSON.parse(JSON.stringify(settings)) as Settings }
}

function editable({ name, enabled, settings }: StoredChannel, secrets: Secrets) {
  return { name, enabled, settings, secrets: hints(secrets) }
}

/** Secrets count completely, so that two with the same ending give different versions. */
function versionOfChannel(stored: StoredChannel, secrets: Secrets): string {
  return versionOf([editable(stored, {}), secrets])
}

function hints(secrets: Secrets): Record<string, string> {
  return Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name, hint(secret)]))
}

/** Enough to distinguish one secret from another. */
function hint(secret: string): string {
  return `••••${secret.length >= leastHidden ? secret.slice(-shownEnd) : ''}`
}

function publicChannel(channel: UsedChannel, secrets: Secrets): Channel {
  const { id, kind, name, enabled, settings, createdAt, failingSince, triedAt, blockedUntil, waitingCount } = channel
  return {
    id,
    kind,
    name,
    enabled,
    settings,
    createdAt,
    waitingCount,
    secrets: hints(secrets),
    version: versionOfChannel(channel, secrets),
    ...(failingSince !== null && { failingSince }),
    ...(triedAt !== null && { triedAt }),
    ...(blockedUntil !== null && { blockedUntil }),
  }
}

/** The part that the change log stores: no secrets. */
function recorded({ kind, name, enabled, settings }: StoredChannel) {
  return { kind, name, enabled, settings }
}
