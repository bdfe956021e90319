import { createHmac } from 'node:crypto'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { dingTalkMarkdown } from '../dialects.ts'
import { attempted, bodyOf, textOf, verdictOfStatus } from '../read-answer.ts'

/** A robot of a DingTalk group, https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages. */
export const dingTalkRobot: Channel<'dingtalk-robot'> = {
  kind: 'dingtalk-robot',
  reaches: 'channel',
  recipient: /^[\w@.-]{0,64}$/,
  merges: true,
  continues: true,
  // A sender that exceeds the limit is blocked for ten minutes.
  budget: { count: 20, perMs: 60_000, reserved: 5 },
  // Of a body limit of 20,000 bytes.
  limit: { unit: 'bytes', max: 16_000 },
  dialect: dingTalkMarkdown,
  addresses: ['url'],
  async send({ config, to, rendered }, { post, now }) {
    const url = new URL(config.url)
    if (config.secret !== undefined) {
      url.searchParams.set('timestamp', String(now))
      url.searchParams.set('sign', dingTalkSign(now, config.secret))
    }
    // A mentioned member must also be named in the text.
    const text = to === '' ? rendered.text : `${rendered.text}\n\n@${to}`
    const at = { isAtAll: false, atUserIds: to === '' ? [] : [to] }
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { title: rendered.title, text }, at })
    const answer = await post({ url: url.href, headers: {}, body })
    return attempted(answer, verdictOf(answer))
  },
}

/** @param timestampMs DingTalk accepts it for an hour. */
export function dingTalkSign(timestampMs: number, secret: string): string {
  return createHmac('sha256', secret).update(`${timestampMs}\n${secret}`).digest('base64')
}

/** DingTalk answers errors with status 200. */
function verdictOf(answer: PostAnswer): Verdict {
  const { errcode, errmsg } = bodyOf(answer)
  const code = textOf(errcode)
  if (code === undefined) return verdictOfStatus(answer)
  if (code === '0') return { kind: 'accepted' }
  const reason = textOf(errmsg) ?? `error ${code}`
  // Rate limit exceeded: nothing is accepted for ten minutes.
  if (code === '130101' || code === '410100') return { kind: 'retry', reason, code, afterS: 600, limited: true }
  if (code === '-1') return { kind: 'retry', reason, code }
  return { kind: 'refused', reason, code }
}
