import { customerMails } from '@stagewatch/db/customer-news-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import type { CustomerNewsSettings } from '@stagewatch/shared/contract/customer-news.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { and, desc, eq } from 'drizzle-orm'
import { enqueueMessages } from '../channels/enqueue-messages.ts'
import { tokenPaths } from '../channels/link-tokens.ts'
import { filled } from '../channels/render-message.ts'
import { loadSiteTexts } from '../channels/site-texts.ts'
import { newToken, tokenHash } from '../identity/secret-token.ts'
import { addJobs } from '../platform/jobs.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { digestJobAt, isWaiting, nextFreeAt } from './customer-digests.ts'
import type { DigestKey } from './customer-digests.ts'
import { addressHash, isVoided, languageFor, lastText, processOf } from './customer-of-order.ts'
import { isOptedOut, lockSettings } from './customer-settings.ts'
import type { CustomerNews } from './news-of-event.ts'
import { customerValues, textOf } from './send-customer-mail.ts'

/** Maximum number of orders that are listed; the others are counted. With the other lines within `ChannelMessage`. */
const maxListed = 16
/** Maximum number of pieces of news that are read; with more, the count is a lower bound. */
const maxNews = 2_000
const [maxTitle, maxLine] = [200, 500]

/** A piece of news that waits, with its event. */
interface WaitingNews {
  readonly news: CustomerNews
  readonly source: string
  readonly id: string
  readonly orderId: string
  readonly stage: string | null
  /** Epoch ms. */
  readonly occurredAt: number
}

/** What a digest says about one order. */
interface ListedOrder {
  readonly order: string
  readonly line: string
}

/**
 * Sends an address one mail about everything that its daily limit has held back: each order with the last of its news.
 * While the limit still applies, it is put off until the address may receive a mail.
 */
export async function sendCustomerDigest(
  tx: Queryable,
  pipeline: SitePipeline,
  key: DigestKey,
  now: number,
): Promise<void> {
  const site = pipeline.site.code
  // The lock serializes it with the single mails, which would otherwise wait for a digest that has been sent.
  const stored = await lockSettings(tx, site)
  const byOrder = await loadWaiting(tx, site, key.addressHash)
  const freeAt = await nextFreeAt(tx, site, key.addressHash, now)
  if (byOrder.size > 0 && freeAt > now) return addJobs(tx, [digestJobAt(site, { ...key, runAt: freeAt })])
  const { settings, enabledAt = null } = stored ?? {}
  const isWanted = settings !== undefined && enabledAt !== null && !(await isOptedOut(tx, site, key.addressHash))
  const sent = isWanted && (await send(tx, pipeline, { key, byOrder, settings, enabledAt }, now))
  // Also without a mail: what waited for a digest must not hold back later news.
  await drizzleOn(tx)
    .update(customerMails)
    .set({ eventSource: null, eventId: null, ...(sent !== false && { messageId: sent }) })
    .where(isWaiting(site, key.addressHash))
}

/** By order, newest first; the orders with the newest news come first. */
async function loadWaiting(
  tx: Queryable,
  site: string,
  hashed: string,
): Promise<ReadonlyMap<string, readonly WaitingNews[]>> {
  const { source, id, orderId, stage, occurredAt } = events
  const isEvent = and(
    eq(events.site, customerMails.site),
    eq(source, customerMails.eventSource),
    eq(id, customerMails.eventId),
  )
  const rows = await drizzleOn(tx)
    .select({ news: customerMails.news, source, id, orderId, stage, occurredAt })
    .from(customerMails)
    .innerJoin(events, isEvent)
    .where(isWaiting(site, hashed))
    .orderBy(desc(occurredAt), desc(events.position))
    .limit(maxNews)
  return Map.groupBy(rows as WaitingNews[], (row) => row.orderId)
}

interface Digest {
  readonly key: DigestKey
  readonly byOrder: ReadonlyMap<string, readonly WaitingNews[]>
  readonly settings: CustomerNewsSettings
  readonly enabledAt: number
}

/** @returns the id of the message; false if there is nothing to report any more. */
async function send(
  tx: Queryable,
  pipeline: SitePipeline,
  { key, byOrder, settings, enabledAt }: Digest,
  now: number,
): Promise<string | false> {
  const site = pipeline.site.code
  const texts = await loadSiteTexts(tx, site)
  const listed: ListedOrder[] = []
  let address: string | undefined
  let language: Language | undefined
  let left = byOrder.size
  for (const [order, all] of byOrder) {
    if (listed.length === maxListed) break
    left -= 1
    const current = (await lastText(tx, site, order, settings.addressField))?.trim() ?? ''
    // The order has another address now, whose owner must not learn of the other orders.
    if (addressHash(site, current) !== key.addressHash) continue
    const process = await processOf(tx, site, order)
    const last = await lastValid(
      tx,
      site,
      all.filter(({ occurredAt }) => occurredAt >= enabledAt),
    )
    if (last === undefined) continue
    const text = textOf(last.news, process, settings)
    if (text === undefined) continue
    address ??= current
    language ??= await languageFor(tx, site, order, settings)
    const values = customerValues(pipeline, { order, stage: last.stage, process, at: last.occurredAt }, language)
    listed.push({ order, line: texts.fill(text, 'title', language, values).slice(0, maxLine) })
  }
  if (address === undefined || language === undefined) return false
  const token = newToken()
  const message = messageOf(pipeline, { key, listed, left, language, link: tokenPaths.stop + token })
  const routes = [{ channel: settings.channel, to: address }] as const
  const [messageId] = await enqueueMessages(tx, site, [{ routes, message }], now)
  const values = { outcome: 'sent', addressHash: key.addressHash, messageId, tokenHash: tokenHash(token) } as const
  // A digest is about no single order.
  await drizzleOn(tx)
    .insert(customerMails)
    .values({ site, orderId: '', news: `digest:${key.addressHash}:${key.runAt}`, at: now, ...values })
  return messageId ?? false
}

/** The newest news whose event has not been taken back. */
async function lastValid(tx: Queryable, site: string, all: readonly WaitingNews[]): Promise<WaitingNews | undefined> {
  for (const news of all) if (!(await isVoided(tx, site, news))) return news
  return undefined
}

interface DigestContent {
  readonly key: DigestKey
  readonly listed: readonly ListedOrder[]
  /** Number of orders that are not listed. */
  readonly left: number
  readonly language: Language
  readonly link: string
}

function messageOf({ site }: SitePipeline, { key, listed, left, language, link }: DigestContent): ChannelMessage {
  const texts = serverTexts(language).customerNews.digest
  const siteName = textIn(site.name, language)
  const number = (count: number): string => new Intl.NumberFormat(language).format(count)
  const values = { site: siteName, count: number(listed.length + left) }
  return {
    severity: 'info',
    title: filled(texts.title, values).slice(0, maxTitle),
    lines: [
      filled(texts.intro, values),
      ...listed.map(({ line }) => line),
      ...(left > 0 ? [filled(texts.more, { count: number(left) })] : []),
      siteName.slice(0, maxLine),
    ],
    link,
    language,
    orders: listed.map(({ order }) => order),
    dedupeKey: `customer-digest:${key.addressHash}:${key.runAt}`,
    isForCustomer: true,
  }
}
