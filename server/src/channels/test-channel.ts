import type { Database } from '@stagewatch/db/database.ts'
import type { ChannelTestAnswer } from '@stagewatch/shared/contract/channels.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { randomUUID } from 'node:crypto'
import { AppError } from '../platform/app-error.ts'
import { serverTexts } from '../platform/server-texts.ts'
import { attemptSending, loggedAttempt, providerIdOf } from './attempt-sending.ts'
import { channelOf } from './channel-registry.ts'
import { loadChannel, recordChannelHealth } from './channels-table.ts'
import type { MessageDelivery } from './deliver-message.ts'
import { noSuchChannel } from './manage-channels.ts'
import { filled, renderMessages } from './render-message.ts'
import { senderOf } from './sender.ts'

/**
 * Sends a message at once and returns the answer. It bypasses the budget, of which it is a small part.
 * @throws AppError `not_found`, or `invalid_field` for an invalid recipient.
 */
export async function testChannel(
  database: Database,
  delivery: MessageDelivery,
  {
    site,
    id,
    to,
    language,
  }: { readonly site: string; readonly id: string; readonly to: string; readonly language: Language },
): Promise<ChannelTestAnswer> {
  const stored = await loadChannel(database, site, id)
  if (stored === undefined) throw noSuchChannel()
  if (!channelOf(stored.kind).recipient.test(to)) {
    const reason = to === '' ? 'missing' : 'wrong_form'
    throw new AppError('invalid_field', 'must be a valid recipient for this kind of channel', { field: 'to', reason })
  }
  const sender = senderOf(site, stored, await delivery.secrets.box())
  const texts = serverTexts(language).channels.test
  const message = {
    severity: 'info',
    title: filled(texts.title, { name: stored.name }),
    lines: [texts.line],
    link: '/channels',
    language,
    orders: [],
    dedupeKey: `test:${randomUUID()}`,
  } as const
  const { rendering } = renderMessages([{ ...message, lines: [...message.lines], orders: [] }], {
    dialect: sender.dialect,
    limit: sender.limit,
    publicUrl: delivery.publicUrl(),
  })
  const [now, startedAt] = [delivery.clock.now(), performance.now()]
  const sending = {
    to,
    rendered: rendering,
    messages: [{ ...message, lines: [...message.lines], orders: [] }],
    id: message.dedupeKey,
  }
  const attempt = await attemptSending(sender, sending, now, delivery)
  const { verdict } = attempt
  const failed = verdict.kind === 'refused' || verdict.kind === 'retry'
  await recordChannelHealth(database, site, id, failed, now)
  const providerId = providerIdOf(verdict)
  return {
    ...loggedAttempt(attempt, now, 1, verdict.kind === 'retry' ? 'gave-up' : verdict.kind),
    ...(providerId !== undefined && { providerId }),
    elapsedMs: Math.round(performance.now() - startedAt),
  }
}
