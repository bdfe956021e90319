import type { ChannelConfig } from '@stagewatch/shared/contract/channels.ts'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { dingTalkMarkdown } from '../dialects.ts'
import { bodyOf, meaningOf, textOf, verdictOfCode, verdictOfStatus } from '../read-answer.ts'
import type { Meanings } from '../read-answer.ts'
import { sendWithToken } from '../send-with-token.ts'
import type { TokenApp } from '../send-with-token.ts'
import { cut } from '../render-message.ts'

/** The global error codes, https://open.dingtalk.com/document/orgapp/server-api-error-codes-1. */
const meanings: Meanings = {
  '-1': 'busy',
  '33012': 'recipient',
  '40001': 'credentials',
  '40003': 'recipient',
  '40014': 'token',
  '40035': 'invalid',
  '40056': 'credentials',
  '40089': 'credentials',
  '42001': 'token',
  '60011': 'permission',
  '60020': 'ip-address',
  '70003': 'removed',
  '70004': 'removed',
  // 90001 to 90014: limits of the server, the company, the application or the interface as a whole.
  ...Object.fromEntries(Array.from({ length: 14 }, (_, i) => [String(90_001 + i), 'rate-limit' as const])),
}
const maxTitle = 60

/** Work notifications of an application, https://open.dingtalk.com/document/orgapp/asynchronous-sending-of-enterprise-session-messages. */
export const dingTalkApp: Channel<'dingtalk-app'> = {
  kind: 'dingtalk-app',
  reaches: 'person',
  recipient: /^[\w@.-]{1,64}$/,
  merges: true,
  continues: true,
  // The documented limits are 500 a day per member, and far more than this for the application as a whole.
  budget: { count: 200, perMs: 60_000, reserved: 50 },
  // The message as JSON has at most 2,048 bytes, with the title.
  limit: { unit: 'bytes', max: 1_500 },
  dialect: dingTalkMarkdown,
  addresses: ['endpoint'],
  send({ config, to, rendered }, context) {
    return sendWithToken(appOf(config), context, (token) => {
      const url = new URL('/topapi/message/corpconversation/asyncsend_v2', config.endpoint)
      url.searchParams.set('access_token', token)
      const markdown = { title: cut(rendered.title, maxTitle), text: rendered.text }
      const msg = { msgtype: 'markdown', markdown }
      const body = JSON.stringify({ agent_id: config.agentId, userid_list: to, to_all_user: false, msg })
      return context.post({ url: url.href, headers: {}, body })
    })
  },
}

function appOf({ appKey, secret, endpoint }: ChannelConfig<'dingtalk-app'>): TokenApp {
  const url = new URL('/gettoken', endpoint)
  url.searchParams.set('appkey', appKey)
  url.searchParams.set('appsecret', secret)
  return {
    identity: ['dingtalk', endpoint, appKey, secret],
    tokenRequest: { url: url.href, method: 'GET', headers: {}, body: '' },
    tokenIn(answer) {
      const { access_token: token, expires_in: expiresInS } = bodyOf(answer)
      return typeof token === 'string' && token !== '' ? { token, expiresInS: Number(expiresInS) || 0 } : undefined
    },
    verdictOf,
    isTokenRefused: (answer) => meaningOf(errorOf(answer)?.code ?? '', meanings) === 'token',
  }
}

/** DingTalk answers errors with status 200. It only confirms that it will deliver the message. */
function verdictOf(answer: PostAnswer): Verdict {
  const error = errorOf(answer)
  if (error === undefined) return verdictOfStatus(answer)
  if (error.code === '0') return { kind: 'sent', providerId: textOf(bodyOf(answer)['task_id']) }
  return verdictOfCode(error, meaningOf(error.code, meanings))
}

/** Code 88 is for everything that its gateway does not let through; the actual code is in `sub_code`. */
function errorOf(answer: PostAnswer): { readonly code: string; readonly reason: string } | undefined {
  const { errcode, errmsg, sub_code: subCode, sub_msg: subMessage } = bodyOf(answer)
  const code = textOf(errcode) === '88' ? (textOf(subCode) ?? '88') : textOf(errcode)
  return code === undefined ? undefined : { code, reason: textOf(subMessage) ?? textOf(errmsg) ?? `error ${code}` }
}
