import type { Database } from '@stagewatch/db/database.ts'
import { serverActor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { Job, JobOutcome, JobQueue } from '../platform/jobs.ts'
import { SealedSecretError } from '../platform/secret-box.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'
import { deliveryQueue, loadDelivery, recordAttempt } from './deliveries-table.ts'
import { guardedPost, postFailure } from './guarded-post.ts'
import { openSecrets } from './webhook-secrets.ts'
import { webhookHeaders } from './webhook-signature.ts'
import { disableWebhook, loadWebhook, recordHealth } from './webhooks-table.ts'
import type { StoredWebhook } from './webhooks-table.ts'

const [minuteMs, hourMs] = [60_000, 3_600_000]
/** Delays between attempts, for about three days in total. */
const retryAfterMs = [
  5_000,
  30_000,
  2 * minuteMs,
  10 * minuteMs,
  hourMs / 2,
  hourMs,
  3 * hourMs,
  6 * hourMs,
  12 * hourMs,
  24 * hourMs,
  24 * hourMs,
]
/** A webhook is disabled when every attempt has failed for this long. */
const disabledAfterMs = 3 * 24 * hourMs

export interface DeliveryOptions {
  readonly database: Database
  readonly clock: Clock
  readonly secrets: SecretKeys
  readonly allowsPrivate: boolean
}

export function webhookQueue(options: DeliveryOptions): JobQueue {
  // Longer than an attempt takes, including the DNS lookup and the transaction afterwards.
  return {
    name: deliveryQueue,
    concurrency: 10,
    leaseMs: 60_000,
    longestDelayMs: Math.max(...retryAfterMs),
    run: (job) => attemptDelivery(job, options),
  }
}

/** One attempt to deliver the message of a job to its webhook. */
async function attemptDelivery(
  { site, key: id, attempt }: Job,
  { database, clock, secrets, allowsPrivate }: DeliveryOptions,
): Promise<JobOutcome> {
  const delivery = await loadDelivery(database, site, id)
  const webhook = delivery && (await loadWebhook(database, site, delivery.webhookId))
  if (delivery === undefined || webhook === undefined) return { kind: 'done' }
  const at = clock.now()
  if (!webhook.enabled && delivery.type !== 'webhook.test') {
    const error = 'the webhook is switched off'
    return { kind: 'dead', error, effect: (tx) => recordAttempt(tx, site, id, { at, state: 'failed', error }) }
  }
  const signing = await signingSecrets(site, webhook, at, secrets)
  const answer =
    'error' in signing
      ? signing
      : await post({ url: webhook.url, id, body: delivery.body, at, secrets: signing.secrets, allowsPrivate })
  if ('status' in answer && answer.status >= 200 && answer.status < 300) {
    return {
      kind: 'done',
      async effect(tx) {
        await recordAttempt(tx, site, id, { at, state: 'delivered', status: answer.status })
        await recordHealth(tx, site, webhook.id, false, at)
      },
    }
  }
  const status = 'status' in answer ? answer.status : undefined
  const error = 'error' in answer ? answer.error : `it answered ${answer.status}`
  // 410 Gone: the receiver wants no more messages.
  const waitMs = status === 410 ? undefined : retryAfterMs[attempt - 1]
  const nextAttemptAt = waitMs === undefined ? undefined : at + waitMs
  const state = nextAttemptAt === undefined ? 'failed' : 'pending'
  const effect: JobOutcome['effect'] = async (tx) => {
    await recordAttempt(tx, site, id, { at, state, nextAttemptAt, status, error })
    const since = await recordHealth(tx, site, webhook.id, true, at)
    if (!webhook.enabled || since === undefined) return
    if (status !== 410 && at - since < disabledAfterMs) return
    await disableWebhook(tx, site, webhook.id, at)
    const [before, after] = [true, false].map((enabled) => ({ name: webhook.name, enabled }))
    const change = { changedAt: at, actor: serverActor, subject: webhook.id, before, after }
    await recordChange(tx, site, { ...change, action: 'webhook.disabled' })
  }
  return nextAttemptAt === undefined
    ? { kind: 'dead', error, effect }
    : { kind: 'retry', at: nextAttemptAt, error, effect }
}

/** The secrets that sign a message at that time. */
async function signingSecrets(
  site: string,
  { id, secrets: stored, previousSecretUntil = 0 }: StoredWebhook,
  at: number,
  keys: SecretKeys,
): Promise<{ readonly secrets: readonly string[] } | { readonly error: string }> {
  try {
    const { secret, previous } = await openSecrets(keys, site, id, stored)
    return { secrets: previous !== undefined && previousSecretUntil > at ? [secret, previous] : [secret] }
  } catch (error) {
    // Another server instance may have the key, or whoever runs the server puts it back.
    if (error instanceof SealedSecretError || error instanceof AppError) return { error: error.message }
    throw error
  }
}

interface SignedPost {
  readonly url: string
  readonly id: string
  readonly body: string
  readonly at: number
  readonly secrets: readonly string[]
  readonly allowsPrivate: boolean
}

async function post({
  url,
  id,
  body,
  at,
  secrets,
  allowsPrivate,
}: SignedPost): Promise<{ readonly status: number } | { readonly error: string }> {
  const headers = webhookHeaders({ id, timestampS: Math.floor(at / 1_000), body }, secrets)
  try {
    const { status } = await guardedPost({ url, headers, body, allowsPrivate })
    return { status }
  } catch (error) {
    return { error: postFailure(error) }
  }
}
