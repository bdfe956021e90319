import type { Database } from '@stagewatch/db/database.ts'
import type { SecretKeys } from '../../platform/secret-keys.ts'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Attempted, ChannelContext } from '../channel.ts'
import { plainText } from '../dialects.ts'
import { attempted, verdictOfError, verdictOfStatus } from '../read-answer.ts'
import type { MessageLimit } from '../render-message.ts'
import type { Sender } from '../sender.ts'
import { encryptPush } from './encrypt-push.ts'
import { deleteSubscription, loadSubscriptions, vapidKeys } from './push-table.ts'
import type { Subscription } from './push-table.ts'
import { vapidHeader } from './vapid.ts'
import type { VapidKeys } from './vapid.ts'

/** How long a push service keeps a message for an offline browser: an old warning is useless. */
const keptForS = 4 * 3_600

/** The limit of a message before it is encrypted. */
export const pushLimit: MessageLimit = { unit: 'bytes', max: 2_000 }

/** Sends to every browser that a person has registered. Push services accept 4,096 encrypted bytes. */
export async function pushSender(database: Database, secrets: SecretKeys): Promise<Sender> {
  const box = await secrets.box()
  return {
    merges: true,
    limit: pushLimit,
    dialect: plainText,
    secrets: [],
    async send({ to, rendered: { title, body, url, severity }, messages }, context) {
      const subscriptions = await loadSubscriptions(database, to, box)
      const keys = await vapidKeys(database, box)
      const tag = messages.length === 1 ? messages[0]?.dedupeKey : undefined
      const text = JSON.stringify({ title, body, path: new URL(url).pathname, tag })
      const urgency = severity === 'critical' ? 'high' : 'normal'
      const subject = new URL(url).origin
      const results = await Promise.all(
        subscriptions.map((subscription) => push({ subscription, text, urgency, keys, subject }, context)),
      )
      for (const { subscription, attempt } of results) {
        // The browser no longer exists, or its owner has revoked the permission.
        if (attempt.status === 404 || attempt.status === 410) await deleteSubscription(database, subscription.id)
      }
      const attempts = results.map(({ attempt }) => attempt)
      return (
        attempts.find(({ verdict }) => verdict.kind === 'sent') ??
        attempts.find(({ verdict }) => verdict.kind === 'retry') ??
        attempts[0] ?? {
          verdict: {
            kind: 'refused',
            reason: 'the person has registered no browser for push messages',
            cause: 'recipient',
          },
        }
      )
    },
  }
}

interface Push {
  readonly subscription: Subscription
  readonly text: string
  readonly urgency: string
  readonly keys: VapidKeys
  readonly subject: string
}

async function push(
  { subscription, text, urgency, keys, subject }: Push,
  { post, now }: ChannelContext,
): Promise<{ readonly subscription: Subscription; readonly attempt: Attempted }> {
  const { endpoint } = subscription
  const headers = {
    authorization: vapidHeader(endpoint, keys, subject, now),
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
    ttl: String(keptForS),
    urgency,
  }
  try {
    const answer = await post({ url: endpoint, headers, body: encryptPush(text, subscription.keys) })
    return { subscription, attempt: attempted(answer, verdictOf(answer)) }
  } catch (error) {
    return { subscription, attempt: { verdict: verdictOfError(error) } }
  }
}

/** For a push service, the status alone confirms that it has accepted a message. */
function verdictOf(answer: PostAnswer): Attempted['verdict'] {
  if (answer.status === 200 || answer.status === 201 || answer.status === 202) return { kind: 'sent' }
  const verdict = verdictOfStatus(answer)
  // The limit is that of one service; other browsers may use other services.
  return verdict.kind === 'retry' ? { ...verdict, limited: false } : verdict
}
