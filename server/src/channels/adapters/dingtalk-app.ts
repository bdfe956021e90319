import type { ChannelConfig } from '@stagewatch/shared/contract/channels.ts'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { dingTalkMarkdown } from '../dialects.ts'
import { bodyOf, textOf, verdictOfStatus } from '../read-answer.ts'
import { sendWithToken } from '../send-with-token.ts'
import type { TokenApp } from '../send-with-token.ts'
import { cut } from '../render-message.ts'

/** The access token is invalid (40014) or has expired (42001). */
const tokenCodes = new Set(['40014', '42001'])
/** Limits on requests (90001 to 90018), and on messages per minute and per day (143105, 143106). */
const limitedCode = /^(?:900(?:0[1-9]|1[0-8])|14310[56])$/
/** The system is busy. */
const passingCodes = new Set(['-1', '15'])
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
    isTokenRefused: (answer) => tokenCodes.has(textOf(bodyOf(answer)['errcode']) ?? ''),
  }
}

/** DingTalk answers errors with status 200. It only confirms that it will deliver the message. */
function verdictOf(answer: PostAnswer): Verdict {
  const { errcode, errmsg, task_id: taskId } = bodyOf(answer)
  const code = textOf(errcode)
  if (code === undefined) return verdictOfStatus(answer)
  if (code === '0') return { kind: 'sent', providerId: textOf(taskId) }
  const reason = textOf(errmsg) ?? `error ${code}`
  if (limitedCode.test(code)) return { kind: 'retry', reason, code, afterS: 60, limited: true }
  if (passingCodes.has(code) || tokenCodes.has(code)) return { kind: 'retry', reason, code }
  return { kind: 'refused', reason, code }
}
