import type { ChannelConfig } from '@stagewatch/shared/contract/channels.ts'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { weComMarkdown } from '../dialects.ts'
import { bodyOf } from '../read-answer.ts'
import { sendWithToken } from '../send-with-token.ts'
import type { TokenApp } from '../send-with-token.ts'
import { isWeComTokenRefused, weComVerdict } from './wecom-robot.ts'

/** Messages of an application to its members, https://developer.work.weixin.qq.com/document/path/90236. */
export const weComApp: Channel<'wecom-app'> = {
  kind: 'wecom-app',
  reaches: 'person',
  recipient: /^[\w@.-]{1,64}$/,
  merges: true,
  continues: true,
  // The documented limit is 30 a minute per member, and far more for the application as a whole.
  budget: { count: 200, perMs: 60_000, reserved: 50 },
  // The limit of text is 2,048 bytes.
  limit: { unit: 'bytes', max: 2_000 },
  dialect: weComMarkdown,
  addresses: ['endpoint'],
  send({ config, to, rendered }, context) {
    return sendWithToken(appOf(config), context, (token) => {
      const url = new URL('/cgi-bin/message/send', config.endpoint)
      url.searchParams.set('access_token', token)
      const body = JSON.stringify({
        touser: to,
        msgtype: 'markdown',
        agentid: config.agentId,
        markdown: { content: rendered.text },
        enable_duplicate_check: 0,
      })
      return context.post({ url: url.href, headers: {}, body })
    })
  },
}

/** WeCom limits the number of token requests, https://developer.work.weixin.qq.com/document/path/91039. */
function appOf({ corpId, secret, endpoint }: ChannelConfig<'wecom-app'>): TokenApp {
  const url = new URL('/cgi-bin/gettoken', endpoint)
  url.searchParams.set('corpid', corpId)
  url.searchParams.set('corpsecret', secret)
  return {
    identity: ['wecom', endpoint, corpId, secret],
    tokenRequest: { url: url.href, method: 'GET', headers: {}, body: '' },
    tokenIn(answer) {
      const { access_token: token, expires_in: expiresInS } = bodyOf(answer)
      return typeof token === 'string' && token !== '' ? { token, expiresInS: Number(expiresInS) || 0 } : undefined
    },
    verdictOf,
    isTokenRefused: isWeComTokenRefused,
  }
}

function verdictOf(answer: PostAnswer): Verdict {
  const verdict = weComVerdict(answer)
  const { invaliduser: invalid } = bodyOf(answer)
  // It was accepted, but reaches nobody.
  const reachesNobody = verdict.kind === 'accepted' && typeof invalid === 'string' && invalid !== ''
  if (!reachesNobody) return verdict
  return { kind: 'refused', reason: `WeCom has no member ${invalid} in this application`, cause: 'recipient' }
}
