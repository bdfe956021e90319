import { createHmac } from 'node:crypto'
import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { plainText } from '../dialects.ts'
import type { Rendering } from '../render-message.ts'
import { attempted, bodyOf, meaningOf, textOf, verdictOfCode, verdictOfStatus } from '../read-answer.ts'
import type { Meanings } from '../read-answer.ts'

const templates = { critical: 'red', warning: 'orange', info: 'blue', resolved: 'green' } as const

/** A robot of a Feishu or Lark group, https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot. */
export const feishuRobot: Channel<'feishu-robot'> = {
  kind: 'feishu-robot',
  reaches: 'channel',
  recipient: /^(?:ou_[\w-]{1,64})?$/,
  merges: true,
  continues: true,
  // Feishu allows 100 a minute and 5 a second, but nobody reads a group with more messages than this.
  budget: { count: 20, perMs: 60_000, reserved: 5 },
  // Of a body limit of 20 KB.
  limit: { unit: 'bytes', max: 15_000 },
  dialect: plainText,
  addresses: ['url'],
  async send({ config, to, rendered }, { post, now }) {
    const timestampS = Math.floor(now / 1_000)
    const { secret } = config
    const card = feishuCard(rendered, to)
    const signature =
      secret === undefined ? {} : { timestamp: String(timestampS), sign: feishuSign(timestampS, secret) }
    const body = JSON.stringify({ ...signature, msg_type: 'interactive', card })
    const answer = await post({ url: config.url, headers: {}, body })
    return attempted(answer, verdictOf(answer))
  },
}

/** A message as a card. @param mentioned open id of a member of the group; empty: nobody. */
export function feishuCard({ severity, title, body, url, open }: Rendering, mentioned = '') {
  const plain = (text: string) => ({ tag: 'plain_text', content: text })
  return {
    config: { wide_screen_mode: true },
    header: { title: plain(title), template: templates[severity] },
    elements: [
      ...(body === '' ? [] : [{ tag: 'div', text: plain(body) }]),
      ...(mentioned === '' ? [] : [{ tag: 'div', text: { tag: 'lark_md', content: `<at id=${mentioned}></at>` } }]),
      { tag: 'action', actions: [{ tag: 'button', text: plain(open), type: 'primary', url }] },
    ],
  }
}

/** The text is the key and the message is empty, in contrast to DingTalk. @param timestampS in seconds. */
export function feishuSign(timestampS: number, secret: string): string {
  return createHmac('sha256', `${timestampS}\n${secret}`).update('').digest('base64')
}

/** The error codes of https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot. */
const meanings: Meanings = {
  '9499': 'invalid',
  '11232': 'rate-limit',
  '19001': 'credentials',
  '19002': 'invalid',
  '19021': 'signature',
  '19022': 'ip-address',
  '19024': 'keyword',
}

/** An error has a `code`, with status 200 or 400; success may also have the older form `StatusCode`. */
function verdictOf(answer: PostAnswer): Verdict {
  const body = bodyOf(answer)
  const code = textOf(body['code']) ?? textOf(body['StatusCode'])
  if (code === undefined) return verdictOfStatus(answer)
  if (code === '0') return { kind: 'accepted' }
  const reason = textOf(body['msg']) ?? textOf(body['StatusMessage']) ?? `error ${code}`
  // 9499 is used for bad requests and for too many of them; only the text distinguishes them.
  const isLimit = code === '9499' && /too many/i.test(reason)
  return verdictOfCode({ code, reason }, isLimit ? 'rate-limit' : meaningOf(code, meanings))
}
