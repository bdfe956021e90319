import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { plainText } from '../dialects.ts'
import { attempted, meaningOf, verdictOfCode, verdictOfStatus } from '../read-answer.ts'
import type { Meanings } from '../read-answer.ts'
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

/** The errors of https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors. */
const meanings: Meanings = {
  action_prohibited: 'permission',
  channel_is_archived: 'removed',
  channel_not_found: 'removed',
  invalid_blocks: 'invalid',
  invalid_payload: 'invalid',
  invalid_token: 'credentials',
  no_active_hooks: 'removed',
  no_service: 'removed',
  no_service_id: 'credentials',
  no_team: 'credentials',
  no_text: 'invalid',
  posting_to_general_channel_denied: 'permission',
  rate_limited: 'rate-limit',
  rollup_error: 'busy',
  team_disabled: 'removed',
  token_revoked: 'credentials',
  too_many_attachments: 'content',
  user_not_found: 'recipient',
}

/** The plain text `ok` means success; any other text is the name of an error. */
function verdictOf(answer: PostAnswer): Verdict {
  const text = answer.text.trim()
  if (answer.status === 200 && text === 'ok') return { kind: 'accepted' }
  if (!/^[a-z_]{3,60}$/.test(text) || answer.status === 429) return verdictOfStatus(answer)
  return verdictOfCode({ code: text, reason: text }, meaningOf(text, meanings))
}
