import { createHmac, randomBytes } from 'node:crypto'

/** Standard Webhooks, https://www.standardwebhooks.com: symmetric signatures, version 1. */

const prefix = 'whsec_'

/** 192 random bits, the minimum in the specification. */
export function newWebhookSecret(): string {
  return prefix + randomBytes(24).toString('base64')
}

export interface SignedMessage {
  readonly id: string
  /** Time of this attempt, whole seconds since the epoch: receivers may reject old messages. */
  readonly timestampS: number
  readonly body: string
}

/** @param secrets several while a secret is being replaced: a receiver with any of them can verify. */
export function webhookHeaders(message: SignedMessage, secrets: readonly string[]): Record<string, string> {
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestampS),
    'webhook-signature': secrets.map((secret) => signature(message, secret)).join(' '),
  }
}

function signature({ id, timestampS, body }: SignedMessage, secret: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`
}
