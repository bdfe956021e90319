import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, ChannelContext, Verdict } from '../channel.ts'
import { weComMarkdown } from '../dialects.ts'
import { attempted, bodyOf, textOf, verdictOfStatus } from '../read-answer.ts'

/** Too often (45009), too many at a time (45033), and too often for one member (45029 and others on that page). */
const limitedCodes = new Set(['45009', '45033', '45029'])
/** The system is busy (-1), or the token has expired (42001, 40014). */
const passingCodes = new Set(['-1', '42001', '40014'])

/** A robot of a WeCom group, https://developer.work.weixin.qq.com/document/path/91770. The URL is the secret. */
export const weComRobot: Channel<'wecom-robot'> = {
  kind: 'wecom-robot',
  reaches: 'channel',
  recipient: /^[\w@.-]{0,64}$/,
  merges: true,
  continues: true,
  budget: { count: 20, perMs: 60_000, reserved: 5 },
  limit: { unit: 'bytes', max: 4_000 },
  dialect: weComMarkdown,
  addresses: ['url'],
  async send({ config, to, rendered }, { post }) {
    const content = to === '' ? rendered.text : `${rendered.text}\n<@${to}>`
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { content } })
    const answer = await post({ url: config.url, headers: {}, body })
    return attempted(answer, weComVerdict(answer))
  },
}

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
  async send({ config, to, rendered }, context) {
    const token = await accessToken(config, context)
    if ('failed' in token) return token.failed
    const body = JSON.stringify({
      touser: to,
      msgtype: 'markdown',
      agentid: config.agentId,
      markdown: { content: rendered.text },
      enable_duplicate_check: 0,
    })
    const url = new URL(`/cgi-bin/message/send?access_token=${encodeURIComponent(token.token)}`, config.endpoint)
    const answer = await context.post({ url: url.href, headers: {}, body })
    const verdict = weComVerdict(answer)
    // It was accepted, but reaches nobody.
    const { invaliduser } = bodyOf(answer)
    if (verdict.kind === 'accepted' && typeof invaliduser === 'string' && invaliduser !== '') {
      return attempted(answer, { kind: 'refused', reason: `WeCom has no member ${to} in this application` })
    }
    return attempted(answer, verdict)
  },
}

/**
 * Requested for each message: cached tokens would have to be shared by server instances, and can be revoked any time.
 */
async function accessToken(
  { corpId, secret, endpoint }: { readonly corpId: string; readonly secret: string; readonly endpoint: string },
  { post }: ChannelContext,
) {
  const url = new URL('/cgi-bin/gettoken', endpoint)
  url.searchParams.set('corpid', corpId)
  url.searchParams.set('corpsecret', secret)
  const answer = await post({ url: url.href, method: 'GET', headers: {}, body: '' })
  const token = textOf(bodyOf(answer)['access_token'])
  if (token !== undefined && token !== '') return { token }
  const verdict = weComVerdict(answer)
  const isAccepted = verdict.kind === 'accepted'
  // The answer is not logged: it might contain a token in an unexpected place.
  return {
    failed: {
      verdict: isAccepted ? ({ kind: 'retry', reason: 'WeCom returned no access token' } as const) : verdict,
      status: answer.status,
    },
  }
}

/** WeCom answers errors with status 200; only `errcode` counts. */
function weComVerdict(answer: PostAnswer): Verdict {
  const { errcode, errmsg, msgid } = bodyOf(answer)
  const code = textOf(errcode)
  if (code === undefined) return verdictOfStatus(answer)
  if (code === '0') return { kind: 'accepted', providerId: textOf(msgid) }
  const reason = textOf(errmsg) ?? `error ${code}`
  if (limitedCodes.has(code)) return { kind: 'retry', reason, code, afterS: 60, limited: true }
  if (passingCodes.has(code)) return { kind: 'retry', reason, code }
  return { kind: 'refused', reason, code }
}
