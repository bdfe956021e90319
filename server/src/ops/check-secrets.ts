import { channels } from '@stagewatch/db/channels-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { webhooks } from '@stagewatch/db/reactions-schema.ts'
import { maxFindingNames } from '@stagewatch/shared/contract/server-status.ts'
import type { StatusCheck } from '@stagewatch/shared/contract/server-status.ts'
import { asc, eq } from 'drizzle-orm'
import { openSecrets as openChannel } from '../channels/channels-table.ts'
import { openSecrets as openWebhook } from '../connections/webhook-secrets.ts'
import { AppError } from '../platform/app-error.ts'
import { plural } from '../platform/english-text.ts'
import { SealedSecretError } from '../platform/secret-box.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'
import type { Check } from './check-open-transactions.ts'

const name = 'secrets'

/** Whether the secrets of channels and webhooks are encrypted, and this server instance has the key to them. */
export async function secretsAreSealed(db: Queryable, site: string, keys: SecretKeys): Promise<Check> {
  const on = drizzleOn(db)
  const ofChannels = await on.select().from(channels).where(eq(channels.site, site)).orderBy(asc(channels.name))
  const ofWebhooks = await on.select().from(webhooks).where(eq(webhooks.site, site)).orderBy(asc(webhooks.name))
  const count = ofChannels.length + ofWebhooks.length
  if (count === 0) return { name, ok: true, message: 'no secret is stored', finding: 'secrets_sealed', count }
  const unreadable: string[] = []
  for (const channel of ofChannels)
    if (!(await opens(async () => openChannel(await keys.box(), site, channel)))) unreadable.push(channel.name)
  for (const webhook of ofWebhooks)
    if (!(await opens(() => openWebhook(keys, site, webhook.id, webhook)))) unreadable.push(webhook.name)
  if (unreadable.length > 0) {
    const message = `this server cannot decrypt the secrets of ${unreadable.join(', ')}: put the key with which they were encrypted back into SECRETS_KEY, or enter the secrets again`
    return { name, ok: false, message, finding: 'secrets_unreadable', ...firstOf(unreadable) }
  }
  const readable = ofWebhooks.filter(({ secret }) => secret !== '').map((webhook) => webhook.name)
  if (readable.length > 0) {
    const message = `the secrets of these webhooks are not encrypted: ${readable.join(', ')}; set SECRETS_KEY on every server, and they are encrypted within a minute of the end of the last server of an earlier version`
    return { name, ok: false, message, finding: 'secrets_unsealed', ...firstOf(readable) }
  }
  const message = `the secrets of ${plural(ofChannels.length, 'channel')} and ${plural(ofWebhooks.length, 'webhook')} are encrypted, and this server has their key`
  return { name, ok: true, message, finding: 'secrets_sealed', count }
}

async function opens(open: () => Promise<unknown>): Promise<boolean> {
  try {
    await open()
    return true
  } catch (error) {
    if (error instanceof SealedSecretError || error instanceof AppError) return false
    throw error
  }
}

function firstOf(names: readonly string[]): Pick<StatusCheck, 'count' | 'names'> {
  return { count: names.length, names: names.slice(0, maxFindingNames) }
}
