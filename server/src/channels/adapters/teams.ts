import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { plainText } from '../dialects.ts'
import { attempted, verdictOfStatus } from '../read-answer.ts'

const colours = { critical: 'Attention', warning: 'Warning', info: 'Default', resolved: 'Good' } as const

/**
 * A workflow of Microsoft Teams, "Post to a channel when a webhook request is received", which accepts an adaptive
 * card: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using.
 */
export const teams: Channel<'teams'> = {
  kind: 'teams',
  reaches: 'channel',
  recipient: /^(?:[^\s<>"@]{1,64}@[^\s<>"@]{1,200})?$/,
  merges: true,
  continues: true,
  budget: { count: 20, perMs: 60_000, reserved: 5 },
  // Of a message limit of 28 KB.
  limit: { unit: 'bytes', max: 18_000 },
  dialect: plainText,
  addresses: ['url'],
  async send({ config, to, rendered: { severity, title, body: content, url, open } }, { post }) {
    // A text run is not parsed as Markdown, in contrast to a text block.
    const run = (text: string, style: object = {}) => ({
      type: 'RichTextBlock',
      inlines: [{ type: 'TextRun', text, ...style }],
    })
    const mention = { type: 'mention', text: `<at>${to}</at>`, mentioned: { id: to, name: to } }
    const card = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      body: [
        run(title, { weight: 'Bolder', size: 'Medium', color: colours[severity] }),
        ...content.split('\n').map((line) => run(line)),
        ...(to === '' ? [] : [{ type: 'TextBlock', text: mention.text, wrap: true }]),
      ],
      actions: [{ type: 'Action.OpenUrl', title: open, url }],
      msteams: { width: 'Full', ...(to !== '' && { entities: [mention] }) },
    }
    const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }
    const body = JSON.stringify({ type: 'message', attachments: [attachment] })
    const answer = await post({ url: config.url, headers: {}, body })
    return attempted(answer, verdictOf(answer))
  },
}

/** A workflow answers 202 before it has run. Older connectors answered 200 with `1`, or with an error text. */
function verdictOf(answer: PostAnswer): Verdict {
  const text = answer.text.trim()
  if (/429|throttl|rate limit/i.test(text) && answer.status < 300) {
    return { kind: 'retry', reason: 'Teams limits the rate of messages', code: '429', afterS: 60, limited: true }
  }
  if (answer.status === 202 || (answer.status === 200 && (text === '' || text === '1'))) return { kind: 'sent' }
  if (answer.status === 200) return { kind: 'refused', reason: 'Teams answered with an error' }
  return verdictOfStatus(answer)
}
