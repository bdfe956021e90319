import { createHmac } from 'node:crypto'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { dingTalkMarkdown } from '../dialects.ts'
import { attempted, bodyOf, meaningOf, textOf, verdictOfCode, verdictOfStatus } from '../read-answer.ts'
import type { Meaning, Meanings } from '../read-answer.ts'

/** A robot of a DingTalk group, https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages. */
export const dingTalkRobot: Channel<'dingtalk-robot'> = {
  kind: 'dingtalk-robot',
  reaches: 'channel',
  recipient: /^[\w@.-]{0,64}$/,
  merges: true,
  continues: true,
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

/** A sender that exceeds the limit is blocked for ten minutes. */
const blockedS = 600

/** The error codes of https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages. */
const meanings: Meanings = {
  '-1': 'busy',
  '40035': 'invalid',
  '43004': 'invalid',
  // `token is not exist`; 300001 has other texts as well, about parameters.
  '300001': 'credentials',
  '300005': 'credentials',
  '400013': 'removed',
  '400101': 'credentials',
  '400102': 'removed',
  '400105': 'invalid',
  '400106': 'removed',
  '130101': 'rate-limit',
  '410100': 'rate-limit',
  '430101': 'content',
  '430102': 'content',
  '430103': 'content',
  '430104': 'content',
  '460101': 'content',
}

/** Code 310000 is for all security settings of a robot; only the text, in one of two languages, says for which. */
const securitySettings: readonly (readonly [RegExp, Meaning])[] = [
  [/keyword|关键词/i, 'keyword'],
  [/whitelist|白名单/i, 'ip-address'],
  [/sign|timestamp|签名|时间戳/i, 'signature'],
]

/** DingTalk answers errors with status 200. */
function verdictOf(answer: PostAnswer): Verdict {
  const { errcode, errmsg } = bodyOf(answer)
  const code = textOf(errcode)
  if (code === undefined) return verdictOfStatus(answer)
  if (code === '0') return { kind: 'accepted' }
  const reason = textOf(errmsg) ?? `error ${code}`
  return verdictOfCode({ code, reason }, meaningIn(code, reason), blockedS)
}

function meaningIn(code: string, reason: string): Meaning | undefined {
  if (code === '310000') return securitySettings.find(([words]) => words.test(reason))?.[1] ?? 'permission'
  if (code === '300001' && !/token/i.test(reason)) return 'invalid'
  return meaningOf(code, meanings)
}
