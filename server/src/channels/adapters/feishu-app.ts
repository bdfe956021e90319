import type { ChannelConfig } from '@stagewatch/shared/contract/channels.ts'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { plainText } from '../dialects.ts'
import { bodyOf, textOf, verdictOfStatus } from '../read-answer.ts'
import { sendWithToken } from '../send-with-token.ts'
import type { TokenApp } from '../send-with-token.ts'
import { feishuCard } from './feishu-robot.ts'

/** The access token is missing, invalid or has expired. */
const tokenCodes = new Set(['99991661', '99991663', '99991664', '99991668', '99991671', '99991677'])
/** Too many requests of the application, too many messages to one member, and too many messages in general. */
const limitedCodes = new Set(['99991400', '230020', '11232'])
/** Feishu does not deliver a message with an id that it has seen within an hour; longer ones are refused. */
const maxId = 50

/** Messages of an application to its members, https://open.feishu.cn/document/server-docs/im-v1/message/create. */
export const feishuApp: Channel<'feishu-app'> = {
  kind: 'feishu-app',
  reaches: 'person',
  recipient: /^ou_[\w-]{1,64}$/,
  merges: true,
  continues: true,
  // The documented limits are 5 a second per member, and 1,000 a minute for the application as a whole.
  budget: { count: 200, perMs: 60_000, reserved: 50 },
  // Of a limit of 30 KB for cards.
  limit: { unit: 'bytes', max: 15_000 },
  dialect: plainText,
  addresses: ['endpoint'],
  send({ config, to, rendered, id }, context) {
    return sendWithToken(appOf(config), context, (token) => {
      const url = new URL('/open-apis/im/v1/messages?receive_id_type=open_id', config.endpoint)
      const content = JSON.stringify(feishuCard(rendered))
      const body = JSON.stringify({ receive_id: to, msg_type: 'interactive', content, uuid: id.slice(0, maxId) })
      return context.post({ url: url.href, headers: { authorization: `Bearer ${token}` }, body })
    })
  },
}

function appOf({ appId, secret, endpoint }: ChannelConfig<'feishu-app'>): TokenApp {
  const url = new URL('/open-apis/auth/v3/tenant_access_token/internal', endpoint)
  return {
    identity: ['feishu', endpoint, appId, secret],
    tokenRequest: { url: url.href, headers: {}, body: JSON.stringify({ app_id: appId, app_secret: secret }) },
    tokenIn(answer) {
      const { tenant_access_token: token, expire } = bodyOf(answer)
      return typeof token === 'string' && token !== '' ? { token, expiresInS: Number(expire) || 0 } : undefined
    },
    verdictOf,
    isTokenRefused: (answer) => tokenCodes.has(textOf(bodyOf(answer)['code']) ?? ''),
  }
}

/** An error has a `code`, with status 200 or 400. */
function verdictOf(answer: PostAnswer): Verdict {
  const body = bodyOf(answer)
  const code = textOf(body['code'])
  if (code === undefined || answer.status >= 500) return verdictOfStatus(answer, code)
  if (code === '0') {
    const { data } = body
    const messageId = typeof data === 'object' && data !== null && 'message_id' in data ? data.message_id : undefined
    return { kind: 'accepted', providerId: textOf(messageId) }
  }
  const reason = textOf(body['msg']) ?? `error ${code}`
  if (limitedCodes.has(code) || answer.status === 429)
    return { kind: 'retry', reason, code, afterS: answer.retryAfterS ?? 60, limited: true }
  if (tokenCodes.has(code)) return { kind: 'retry', reason, code }
  return { kind: 'refused', reason, code }
}
