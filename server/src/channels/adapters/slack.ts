import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { plainText } from '../dialects.ts'
import { attempted, verdictOfStatus } from '../read-answer.ts'
import { cut } from '../render-message.ts'

const maxHeader = 150

/** An incoming webhook of Slack, https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks. */
export const slack: Channel<'slack'> = {
  kind: 'slack',
  reaches: 'channel',
  recipient: /^(?:[UW][A-Z\d]{2,20})?$/,
  merges: true,
  continues: true,
  // Slack allows one a second, and short bursts.
  budget: { count: 30, perMs: 60_000, reserved: 8 },
  // Limit of one section.
  limit: { unit: 'characters', max: 2_800 },
  dialect: plainText,
  addresses: ['url'],
  async send({ config, to, rendered: { title, body: content, url, open } }, { post }) {
    const plain = (text: string) => ({ type: 'plain_text', text, emoji: false })
    const blocks = [
      { type: 'header', text: plain(cut(title, maxHeader)) },
      ...(content === '' ? [] : [{ type: 'section', text: plain(content) }]),
      ...(to === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: `<@${to}>` } }]),
      { type: 'actions', elements: [{ type: 'button', text: plain(open), url }] },
    ]
    // The text shown in a notification, escaped so that nothing in it is a mention.
    const text = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const answer = await post({ url: config.url, headers: {}, body: JSON.stringify({ text, mrkdwn: false, blocks }) })
    return attempted(answer, verdictOf(answer))
  },
}

/** The plain text `ok` means success; any other text is the name of an error. */
function verdictOf(answer: PostAnswer): Verdict {
  const text = answer.text.trim()
  if (answer.status === 200 && text === 'ok') return { kind: 'accepted' }
  const code = /^[a-z_]{3,60}$/.test(text) ? text : undefined
  const verdict = verdictOfStatus(answer, code)
  return code !== undefined && verdict.kind === 'refused' ? { ...verdict, reason: code } : verdict
}
