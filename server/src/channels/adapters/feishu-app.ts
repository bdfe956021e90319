import type { ChannelConfig } from '@stagewatch/shared/contract/channels.ts'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { plainText } from '../dialects.ts'
import { bodyOf, meaningOf, textOf, verdictOfCode, verdictOfStatus } from '../read-answer.ts'
import type { Meanings } from '../read-answer.ts'
import { sendWithToken } from '../send-with-token.ts'
import type { TokenApp } from '../send-with-token.ts'
import { feishuCard } from './feishu-robot.ts'

/**
 * The error codes of https://open.feishu.cn/document/server-docs/im-v1/message/create and the general ones of
 * https://open.feishu.cn/document/server-docs/api-call-guide/generic-error-code.
 */
const meanings: Meanings = {
  // The access token is missing, invalid or has expired.
  '99991661': 'token',
  '99991663': 'token',
  '99991664': 'token',
  '99991668': 'token',
  '99991671': 'token',
  '99991677': 'token',
  '10003': 'credentials',
  '10014': 'credentials',
  '11232': 'rate-limit',
  '99991400': 'rate-limit',
  '230020': 'recipient-limit',
  '99991672': 'permission',
  '230001': 'invalid',
  '230006': 'permission',
  '230013': 'recipient',
  '230022': 'content',
  '230025': 'content',
  '230027': 'permission',
  '230028': 'content',
  '230035': 'permission',
  '230038': 'recipient',
  '99992351': 'recipient',
  '99992352': 'recipient',
}
/** Feishu does not deliver a message with an id that it has seen within an hour; longer ones are refused. */
const maxId = 50
/** Of an answer with status 429: https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control. */
const waitHeader = 'x-ogw-ratelimit-reset'

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
      return context.post({ url: url.href, headers: { authorization: `Bearer ${token}` }, waitHeader, body })
    })
  },
}

function appOf({ appId, secret, endpoint }: ChannelConfig<'feishu-app'>): TokenApp {
  const url = new URL('/open-apis/auth/v3/tenant_access_token/internal', endpoint)
  return {
    identity: ['feishu', endpoint, appId, secret],
    tokenRequest: {
      url: url.href,
      headers: {},
      waitHeader,
      body: JSON.stringify({ app_id: appId, app_secret: secret }),
    },
    tokenIn(answer) {
      const { tenant_access_token: token, expire } = bodyOf(answer)
      return typeof token === 'string' && token !== '' ? { token, expiresInS: Number(expire) || 0 } : undefined
    },
    verdictOf,
    isTokenRefused: (answer) => meaningOf(textOf(bodyOf(answer)['code']) ?? '', meanings) === 'token',
  }
}

/** An error has a `code`, with status 200, 400 or 429. */
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
  const meaning = meaningOf(code, meanings) ?? (answer.status === 429 ? 'rate-limit' : undefined)
  return verdictOfCode({ code, reason }, meaning, answer.retryAfterS)
}
