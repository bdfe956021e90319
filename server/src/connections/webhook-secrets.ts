import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { webhooks } from '@stagewatch/db/reactions-schema.ts'
import { and, eq, isNotNull, ne } from 'drizzle-orm'
import { isOlderRunning } from '../platform/older-instances.ts'
import type { SecretBox } from '../platform/secret-box.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'

/** What signs the messages of a webhook. */
export interface WebhookSecrets {
  readonly secret: string
  /** Also signs for a while after it was replaced. */
  readonly previous?: string | undefined
}

/** The columns in which the secrets of a webhook are stored. */
export type StoredSecrets = Pick<typeof webhooks.$inferSelect, 'sealed' | 'secret' | 'previousSecret'>

/** @throws SealedSecretError, or AppError `secrets_key_missing`. */
export async function openSecrets(
  keys: SecretKeys,
  site: string,
  id: string,
  { sealed, secret, previousSecret }: StoredSecrets,
): Promise<WebhookSecrets> {
  // A readable secret is the newer one: an instance of an earlier version has replaced it.
  if (secret !== '' || sealed === null) return { secret, ...(previousSecret && { previous: previousSecret }) }
  const box = await keys.box()
  return JSON.parse(box.open(sealed, placeOf(site, id))) as WebhookSecrets
}

/**
 * The secrets as they are to be stored: encrypted, unless an instance of an earlier version is running, which could not
 * sign with them. `sealReadableSecrets` encrypts those later.
 */
export async function storedSecrets(
  tx: Queryable,
  box: SecretBox,
  site: string,
  id: string,
  secrets: WebhookSecrets,
): Promise<StoredSecrets> {
  if (!(await isOlderRunning(tx))) return sealedSecrets(box, site, id, secrets)
  return { sealed: null, secret: secrets.secret, previousSecret: secrets.previous ?? null }
}

/**
 * Encrypts the secrets of all sites that are readable in the database: those from before they were encrypted, and those
 * that were stored while an instance of an earlier version was running. Does nothing as long as one runs, or without a
 * key, which `doctor` reports.
 */
export async function sealReadableSecrets(database: Database, keys: SecretKeys): Promise<void> {
  const isReadable = ne(webhooks.secret, '')
  const [found] = await drizzleOn(database).select({ id: webhooks.id }).from(webhooks).where(isReadable).limit(1)
  if (found === undefined) return
  const box = await keys.boxIfAny()
  if (box === undefined) return
  await database.transaction(async (tx) => {
    if (await isOlderRunning(tx)) return
    const on = drizzleOn(tx)
    const rows = await on.select().from(webhooks).where(isReadable).orderBy(webhooks.site, webhooks.id).for('update')
    for (const { site, id, ...row } of rows) {
      const secrets = await openSecrets(keys, site, id, row)
      await on
        .update(webhooks)
        .set(sealedSecrets(box, site, id, secrets))
        .where(and(eq(webhooks.site, site), eq(webhooks.id, id)))
    }
  })
}

/** Seals the secrets of the webhooks of all sites again. @returns the number of webhooks. */
export async function resealWebhooks(tx: Queryable, box: SecretBox): Promise<number> {
  const on = drizzleOn(tx)
  const rows = await on
    .select({ site: webhooks.site, id: webhooks.id, text: webhooks.sealed })
    .from(webhooks)
    .where(isNotNull(webhooks.sealed))
    .orderBy(webhooks.site, webhooks.id)
    .for('update')
  for (const { site, id, text } of rows) {
    const place = placeOf(site, id)
    await on
      .update(webhooks)
      .set({ sealed: box.seal(box.open(text ?? '', place), place) })
      .where(and(eq(webhooks.site, site), eq(webhooks.id, id)))
  }
  return rows.length
}

function sealedSecrets(box: SecretBox, site: string, id: string, secrets: WebhookSecrets): StoredSecrets {
  return { sealed: box.seal(JSON.stringify(secrets), placeOf(site, id)), secret: '', previousSecret: null }
}

function placeOf(site: string, id: string): string {
  return `webhook:${site}:${id}`
}
