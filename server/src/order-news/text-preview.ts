import { alertRules, alerts } from '@stagewatch/db/alerts-schema.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import type { TextPreview, Wording } from '@stagewatch/shared/contract/message-texts.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { untranslated } from '@stagewatch/shared/domain/local-text.ts'
import { translatedName } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { and, desc, eq, isNull, ne } from 'drizzle-orm'
import { alertValues } from '../alerts/message-texts.ts'
import { tokenPaths } from '../channels/link-tokens.ts'
import { channelOf } from '../channels/channel-registry.ts'
import { plainText } from '../channels/dialects.ts'
import { pushLimit } from '../channels/push/push-sender.ts'
import { cut, renderMessages } from '../channels/render-message.ts'
import type { RenderOptions } from '../channels/render-message.ts'
import { siteTexts } from '../channels/site-texts.ts'
import type { SiteTexts, TextPlace } from '../channels/site-texts.ts'
import { smsVariables } from '../channels/sms-variables.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { customerMail, customerValues } from './send-customer-mail.ts'

/** The limits of `ChannelMessage`. */
const [maxTitle, maxLine] = [200, 500]
/** Number of orders in the example of a message about several. */
const exampleCount = '3'

interface PreviewOptions {
  readonly database: Database
  /** URL under which people reach the server, without a trailing slash. */
  readonly publicUrl: string
  /** Epoch ms. */
  readonly now: number
}

/** An order with the alert, or the visit, that a message could be about. */
interface Example {
  readonly order: string
  readonly rule: LocalText
  readonly process: string
  readonly stage: string
  /** Epoch ms. */
  readonly beganAt: number
  readonly isMadeUp: boolean
}

/** What each kind of channel would make of a text, with the data of an order of the site. */
export async function previewText(
  pipeline: SitePipeline,
  { key, language, ...own }: TextPlace & Wording,
  options: PreviewOptions,
): Promise<TextPreview> {
  const example = (await findExample(pipeline, language, options)) ?? madeUp(language, options.now)
  const { order, isMadeUp } = example
  const texts = siteTexts([{ key, language, ...own }])
  const { message, isCut } = exampleMessage(pipeline, texts, { key, language }, example)
  const rendered = (how: Pick<RenderOptions, 'dialect' | 'limit'>) => {
    const { rendering } = renderMessages([message], { ...how, publicUrl: options.publicUrl })
    const last = how.dialect.escape(message.lines.at(-1) ?? '')
    return { ...rendering, isCut: isCut || !rendering.text.includes(last) }
  }
  const email = rendered(channelOf('email'))
  const ofMail = { kind: 'email' as const, title: email.title, text: email.text, isCut: email.isCut }
  const found = isMadeUp ? {} : { order }
  if (message.isForCustomer === true) return { ...found, previews: [ofMail] }
  const robot = rendered(channelOf('dingtalk-robot'))
  const push = rendered({ dialect: plainText, limit: pushLimit })
  const sms = smsVariables([message])
  return {
    ...found,
    previews: [
      ofMail,
      { kind: 'robot', title: robot.title, text: robot.text, isCut: robot.isCut },
      { kind: 'sms', title: sms.title, text: sms.orders, isCut: isCut || sms.title.endsWith('…') },
      { kind: 'push', title: push.title, text: push.body, isCut: push.isCut },
    ],
  }
}

function exampleMessage(
  pipeline: SitePipeline,
  texts: SiteTexts,
  { key, language }: TextPlace,
  example: Example,
): { readonly message: ChannelMessage; readonly isCut: boolean } {
  const { order, process, stage, beganAt, rule, isMadeUp } = example
  if (key.startsWith('customer.')) {
    const values = customerValues(pipeline, { order, stage, process, at: beganAt }, language)
    const link = `${tokenPaths.stop}…`
    const message = customerMail(texts, { text: key, language, values, order, link, dedupeKey: 'preview' })
    const isCut = [message.title, ...message.lines].some((part, i) => part.length === (i === 0 ? maxTitle : maxLine))
    return { message, isCut }
  }
  const { engine, privacy, site } = pipeline
  const shown = { engine, privacy: privacy.now, siteName: site.name, texts, language, timeZone: site.timeZone }
  const notice = { rule: { id: '', name: rule, condition: null }, process, order, stage, source: '', beganAt }
  const { owner, customer } = serverTexts(language).textExample
  const values = {
    ...alertValues(notice, shown),
    ...(isMadeUp && { owner, customer }),
    count: exampleCount,
  }
  const title = texts.fill(key, 'title', language, values)
  const line = texts.fill(key, 'body', language, values)
  const message: ChannelMessage = {
    severity: 'warning',
    title: cut(title, maxTitle),
    lines: [cut(line, maxLine)],
    link: `/orders/${encodeURIComponent(order)}`,
    language,
    orders: [order],
    dedupeKey: 'preview',
  }
  return { message, isCut: message.title !== title || message.lines[0] !== line }
}

/** The order of the newest open alert, else any open order. */
async function findExample(
  { site, engine }: SitePipeline,
  language: Language,
  { database }: PreviewOptions,
): Promise<Example | undefined> {
  const [alert] = await drizzleOn(database)
    .select({
      order: alerts.orderId,
      rule: alertRules.name,
      ruleNames: alertRules.names,
      process: alerts.process,
      stage: alerts.stage,
      beganAt: alerts.beganAt,
    })
    .from(alerts)
    .innerJoin(alertRules, and(eq(alertRules.site, alerts.site), eq(alertRules.id, alerts.ruleId)))
    .where(and(eq(alerts.site, site.code), isNull(alerts.endedAt), ne(alerts.orderId, '')))
    .orderBy(desc(alerts.beganAt), desc(alerts.id))
    .limit(1)
  if (alert !== undefined) {
    const { rule: name, ruleNames, ...found } = alert
    return { ...found, rule: translatedName(name, ruleNames), isMadeUp: false }
  }
  const [open] = engine.open
  if (open === undefined) return undefined
  const { state, visit, aggregates } = open
  const { rule } = serverTexts(language).textExample
  const { order } = state
  return {
    order,
    rule: untranslated(rule),
    process: aggregates.process,
    stage: visit.stage,
    beganAt: visit.enteredAt,
    isMadeUp: false,
  }
}

function madeUp(language: Language, now: number): Example {
  const { order, rule, stage } = serverTexts(language).textExample
  return { order, rule: untranslated(rule), process: '', stage, beganAt: now - 5 * 3_600_000, isMadeUp: true }
}
