import { verdictOfStatus, attempted } from '../read-answer.ts'
import { webhookHeaders } from '../../connections/webhook-signature.ts'
import type { Channel } from '../channel.ts'
import { plainText } from '../dialects.ts'

/**
 * A program that receives messages by the Standard Webhooks specification, with the message as fields instead of text.
 */
export const webhook: Channel<'webhook'> = {
  kind: 'webhook',
  reaches: 'channel',
  recipient: /^$/,
  merges: false,
  limit: { unit: 'bytes', max: 200_000 },
  dialect: plainText,
  addresses: ['url'],
  async send({ config, rendered, messages, id }, { post, now }) {
    const [message] = messages
    if (message === undefined) throw new Error('there is no message to send')
    const { severity, title, lines, language, orders, dedupeKey } = message
    const data = { severity, title, lines, link: rendered.url, language, orders, dedupeKey }
    const timestamp = new Date(now).toISOString()
    const body = JSON.stringify({ type: 'message', timestamp, data })
    const headers = webhookHeaders({ id, timestampS: Math.floor(now / 1_000), body }, [config.secret])
    const answer = await post({ url: config.url, headers, body })
    // By the specification, the status alone confirms the receipt of a message.
    if (answer.status >= 200 && answer.status < 300) return attempted(answer, { kind: 'accepted' })
    return attempted(answer, verdictOfStatus(answer))
  },
}
