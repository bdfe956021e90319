import { customerMails } from '@stagewatch/db/customer-news-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { CustomerMailOutcome, CustomerNewsSettings } from '@stagewatch/shared/contract/customer-news.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import type { TextKey } from '@stagewatch/shared/domain/message-template.ts'
import { and, eq, isNotNull, lt } from 'drizzle-orm'
import { channelOf } from '../channels/channel-registry.ts'
import { enqueueMessages } from '../channels/enqueue-messages.ts'
import { tokenPaths } from '../channels/link-tokens.ts'
import { loadSiteTexts } from '../channels/site-texts.ts'
import type { SiteTexts, TextValues } from '../channels/site-texts.ts'
import { newToken, tokenHash } from '../identity/secret-token.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { addJobs } from '../platform/jobs.ts'
import { addressHash, isVoided, languageFor, lastText, processOf } from './customer-of-order.ts'
import { isOptedOut, lockSettings } from './customer-settings.ts'
import { digestJob, hasWaitingNews, nextFreeAt } from './customer-digests.ts'
import type { CustomerNews } from './news-of-event.ts'

const dayMs = 24 * 3_600_000
const maxAddress = 320
/** How much of a text that is not an address is stored, to be corrected at its source. */
const shownAddress = 100
/** The limits of `ChannelMessage`. */
const [maxTitle, maxLine, maxLines] = [200, 500, 20]

export interface ToldCustomer {
  readonly event: Pick<typeof events.$inferSelect, 'source' | 'id' | 'position' | 'orderId' | 'stage' | 'occurredAt'>
  readonly news: CustomerNews
  /** Epoch ms. */
  readonly now: number
}

/**
 * Sends the customer of an order a piece of news, unless the order has had it, and records what became of it. Mails of a
 * site are sent one after the other, so that each sees how many an address has received.
 */
export async function sendCustomerMail(tx: Queryable, pipeline: SitePipeline, told: ToldCustomer): Promise<void> {
  const { event, news, now } = told
  const site = pipeline.site.code
  const stored = await lockSettings(tx, site)
  if (stored === undefined || stored.enabledAt === null) return
  const { settings, enabledAt } = stored
  if (event.occurredAt < Math.max(enabledAt, now - dayMs)) return
  const process = await processOf(tx, site, event.orderId)
  const text = textOf(news, process, settings)
  if (text === undefined || !(await counts(tx, site, told))) return
  const address = (await lastText(tx, site, event.orderId, settings.addressField))?.trim() ?? ''
  const [outcome, hashed] = await outcomeFor(tx, site, address, now)
  const token = outcome === 'sent' ? newToken() : undefined
  const waits = outcome === 'limited' && hashed !== null
  const { rowCount } = await drizzleOn(tx)
    .insert(customerMails)
    .values({
      site,
      orderId: event.orderId,
      news,
      at: now,
      outcome,
      addressHash: hashed,
      invalidAddress: outcome === 'invalid-address' ? address.slice(0, shownAddress) : null,
      tokenHash: token === undefined ? null : tokenHash(token),
      ...(waits && { eventSource: event.source, eventId: event.id }),
    })
    .onConflictDoNothing()
  if (rowCount === 0) return
  if (waits) await addJobs(tx, [digestJob(pipeline.site, hashed, now)])
  if (token === undefined) return
  const language = await languageFor(tx, site, event.orderId, settings)
  const message = await messageOf(tx, pipeline, { ...told, text, process, language, link: tokenPaths.stop + token })
  const routes = [{ channel: settings.channel, to: address }] as const
  const [messageId] = await enqueueMessages(tx, site, [{ routes, message }], now)
  await drizzleOn(tx)
    .update(customerMails)
    .set({ messageId })
    .where(isMail(site, event.orderId, news))
}

/**
 * The link of a mail that is sent again. It has a token of its own, because the mail may have arrived before although it
 * counts as failed, and a link that stops the mails must not end.
 */
export async function renewedStopLink(tx: Queryable, site: string, messageId: string, now: number): Promise<string> {
  const on = drizzleOn(tx)
  const { addressHash: ofAddress } = customerMails
  const isTokenOf = and(
    eq(customerMails.site, site),
    eq(customerMails.messageId, messageId),
    isNotNull(customerMails.tokenHash),
  )
  const [mail] = await on.select({ addressHash: ofAddress }).from(customerMails).where(isTokenOf).limit(1)
  const token = newToken()
  const values = {
    outcome: 'sent',
    addressHash: mail?.addressHash ?? null,
    messageId,
    tokenHash: tokenHash(token),
  } as const
  await on.insert(customerMails).values({ site, orderId: '', news: `again:${messageId}:${now}`, at: now, ...values })
  return tokenPaths.stop + token
}

function isMail(site: string, order: string, news: CustomerNews) {
  return and(eq(customerMails.site, site), eq(customerMails.orderId, order), eq(customerMails.news, news))
}

/** Undefined: the site does not report it for orders of the process. */
export function textOf(news: CustomerNews, process: string, settings: CustomerNewsSettings): TextKey | undefined {
  switch (news) {
    case 'placed':
    case 'held':
    case 'completed':
    case 'cancelled':
      return settings[news] ? `customer.${news}` : undefined
    default: {
      const stage = news.slice('entered:'.length)
      const chosen = settings.stages.find((one) => one.stage === stage && one.process === process)
      return chosen && `customer.${chosen.as}`
    }
  }
}

/** Whether the event has not been voided, and, if it is to report a new order, is the first one of its order. */
async function counts(tx: Queryable, site: string, { event, news }: ToldCustomer): Promise<boolean> {
  if (await isVoided(tx, site, event)) return false
  const ofOrder = and(eq(events.site, site), eq(events.orderId, event.orderId))
  if (news !== 'placed') return true
  const beginnings = ['order.placed', 'stage.entered', 'stage.started', 'stage.completed'] as const
  const earlier = and(ofOrder, anyOf(events.type, beginnings), lt(events.position, event.position))
  return (await drizzleOn(tx).select({ id: events.id }).from(events).where(earlier).limit(1)).length === 0
}

async function outcomeFor(
  tx: Queryable,
  site: string,
  address: string,
  now: number,
): Promise<readonly [CustomerMailOutcome, addressHash: string | null]> {
  if (address === '') return ['no-address', null]
  if (address.length > maxAddress || !channelOf('email').recipient.test(address)) return ['invalid-address', null]
  const hashed = addressHash(site, address)
  if (await isOptedOut(tx, site, hashed)) return ['opted-out', hashed]
  // News does not overtake the digest that contains what happened before.
  const isLimited = (await hasWaitingNews(tx, site, hashed)) || (await nextFreeAt(tx, site, hashed, now)) > now
  return [isLimited ? 'limited' : 'sent', hashed]
}

interface MailContent extends ToldCustomer {
  readonly text: TextKey
  readonly process: string
  readonly language: Language
  readonly link: string
}

async function messageOf(
  tx: Queryable,
  pipeline: SitePipeline,
  { event, text, process, language, link }: MailContent,
): Promise<ChannelMessage> {
  const texts = await loadSiteTexts(tx, pipeline.site.code)
  const { orderId: order, stage, occurredAt, position } = event
  const values = customerValues(pipeline, { order, stage, process, at: occurredAt }, language)
  const dedupeKey = `customer-news:${position}:${text}`
  return customerMail(texts, { text, language, values, order, link, dedupeKey })
}

/**
 * Values of the placeholders of customer mails, see `textPlaceholders`. Nothing internal: no people, comments,
 * departments or amounts, and no other data of the order.
 */
export function customerValues(
  { engine, site }: SitePipeline,
  { order, stage, process, at }: { order: string; stage: string | null; process: string; at: number },
  language: Language,
): TextValues {
  const stageName = stage === null ? undefined : engine.process(process)?.stage(stage)?.definition.name
  const style = { dateStyle: 'long', timeZone: site.timeZone } as const
  return {
    order,
    stage: stageName === undefined ? (stage ?? '') : textIn(stageName, language),
    date: new Intl.DateTimeFormat(locales[language].formatTag, style).format(at),
    site: textIn(site.name, language),
  }
}

/** A mail to a customer, without a link to the order, which they may not see. */
export function customerMail(
  texts: SiteTexts,
  {
    text,
    language,
    values,
    order,
    link,
    dedupeKey,
  }: Pick<ChannelMessage, 'language' | 'link' | 'dedupeKey'> & {
    readonly text: TextKey
    readonly values: TextValues
    readonly order: string
  },
): ChannelMessage {
  const lines = texts.fill(text, 'body', language, values).split('\n').slice(0, maxLines)
  return {
    severity: 'info',
    title: texts.fill(text, 'title', language, values).slice(0, maxTitle),
    // Lines must not be empty.
    lines: lines.map((line) => line.trim().slice(0, maxLine) || ' '),
    link,
    language,
    orders: [order],
    dedupeKey,
    isForCustomer: true,
  }
}
