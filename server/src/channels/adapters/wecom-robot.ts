import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { weComMarkdown } from '../dialects.ts'
import { attempted, bodyOf, meaningOf, textOf, verdictOfCode, verdictOfStatus } from '../read-answer.ts'
import type { Meanings } from '../read-answer.ts'

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

/** The global error codes, https://developer.work.weixin.qq.com/document/path/90313. */
const meanings: Meanings = {
  '-1': 'busy',
  '40001': 'credentials',
  '40003': 'recipient',
  '40013': 'credentials',
  '40014': 'token',
  '40056': 'credentials',
  '40058': 'invalid',
  '42001': 'token',
  '44004': 'content',
  '45002': 'content',
  '45009': 'rate-limit',
  '45033': 'rate-limit',
  '48002': 'permission',
  '60011': 'permission',
  '60020': 'ip-address',
  '81013': 'recipient',
  '93000': 'credentials',
  '301002': 'permission',
}

/** WeCom answers errors with status 200; only `errcode` counts. */
export function weComVerdict(answer: PostAnswer): Verdict {
  const error = weComError(answer)
  if (error === undefined) return verdictOfStatus(answer)
  if (error.code === '0') return { kind: 'accepted', providerId: textOf(bodyOf(answer)['msgid']) }
  // Besides invalid addresses, robots use 93000 for texts that are too long.
  const isTooLong = error.code === '93000' && /max length/i.test(error.reason)
  return verdictOfCode(error, isTooLong ? 'content' : meaningOf(error.code, meanings))
}

/** Whether the access token is invalid or has expired. */
export function isWeComTokenRefused(answer: PostAnswer): boolean {
  return meaningOf(weComError(answer)?.code ?? '', meanings) === 'token'
}

function weComError(answer: PostAnswer): { readonly code: string; readonly reason: string } | undefined {
  const { errcode, errmsg } = bodyOf(answer)
  const code = textOf(errcode)
  return code === undefined ? undefined : { code, reason: textOf(errmsg) ?? `error ${code}` }
}
