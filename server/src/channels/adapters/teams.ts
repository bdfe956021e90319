import type { PostAnswer } from '../../connections/guarded-post.ts'
import type { Channel, Verdict } from '../channel.ts'
import { plainText } from '../dialects.ts'
import { attempted, bodyOf, textOf, verdictOfCode, verdictOfStatus } from '../read-answer.ts'
import { cut } from '../render-message.ts'

const maxReason = 200
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

/**
 * A workflow answers 202 before it has run, or the status of an error with its `code`. Connectors, its predecessors,
 * answer 200 with `1` or with the status of the error in a text.
 */
function verdictOf(answer: PostAnswer): Verdict {
  const text = answer.text.trim()
  if (answer.status === 202 || (answer.status === 200 && (text === '' || text === '1'))) return { kind: 'sent' }
  const inner = /HTTP error (\d{3})/.exec(text)?.[1]
  if (answer.status === 200) {
    if (inner === undefined) return verdictOfCode({ reason: cut(text, maxReason) }, undefined)
    return verdictOfStatus({ ...answer, status: Number(inner) }, inner)
  }
  const { error } = bodyOf(answer)
  const code = typeof error === 'object' && error !== null && 'code' in error ? textOf(error.code) : undefined
  return verdictOfStatus(answer, code)
}
