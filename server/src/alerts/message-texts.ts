import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { maskedName } from '@stagewatch/shared/domain/access/masked-name.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import type { TextKey } from '@stagewatch/shared/domain/message-template.ts'
import { filled } from '../channels/render-message.ts'
import type { SiteTexts, TextValues } from '../channels/site-texts.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { AlertMessage, AlertNotice } from './tell-receivers.ts'

/** The limits of `ChannelMessage`. */
const [maxLines, maxLine] = [20, 500]

export interface TextOptions {
  readonly engine: Pick<LiveEngine, 'process' | 'order' | 'open'>
  readonly privacy: Privacy
  readonly siteName: LocalText
  readonly texts: SiteTexts
  readonly language: Language
  /** IANA name of the time zone for instants in the text. */
  readonly timeZone: string
}

/**
 * The text of a message, whatever channel it uses. The texts of the product name orders and stages, but no customers
 * and people; those of a site may, as far as its privacy setting shows them.
 */
export function messageTexts(message: AlertMessage, options: TextOptions): ChannelMessage {
  const { kind, severity, notices, key, openCount } = message
  const { language, texts } = options
  const { digest, altogether } = serverTexts(language).alerts
  const [first] = notices
  const orders = [...new Set(notices.flatMap(({ order }) => (order === '' ? [] : [order])))]
  const count = String(notices.length)
  const text = orders.length === 0 ? 'alert.measure' : notices.length === 1 ? 'alert.order' : 'alert.orders'
  const title =
    kind === 'digest'
      ? filled(digest, { count })
      : texts.fill(text, 'title', language, { ...(first && alertValues(first, options)), count })
  const lines = notices
    .slice(0, maxLines)
    .map((notice) => lineOf(notice, kind === 'digest' ? undefined : text, options))
  // The receiver knows the others already: the number says how far the problem has grown.
  const hasGrown = kind === 'group' && orders.length > 0 && openCount > notices.length
  return {
    severity,
    title: title.slice(0, 200),
    lines: hasGrown ? [...lines.slice(0, maxLines - 1), filled(altogether, { count: String(openCount) })] : lines,
    link: linkOf(kind, orders, first),
    language,
    orders: orders.slice(0, 1_000),
    dedupeKey: key,
  }
}

/** @param text undefined for a line of a digest, which contains warnings of several rules. */
function lineOf(notice: AlertNotice, text: TextKey | undefined, options: TextOptions): string {
  const line =
    text === undefined
      ? `${textIn(notice.rule.name, options.language)}: ${subjectLine(notice, options)}`
      : options.texts.fill(text, 'body', options.language, alertValues(notice, options))
  return line.slice(0, maxLine)
}

/** What an alert is about, and since when. */
export function subjectLine(alert: AlertPlace & Pick<AlertNotice, 'order' | 'beganAt'>, options: PlaceOptions): string {
  const texts = serverTexts(options.language).alerts
  const { order, beganAt } = alert
  const since = timeText(beganAt, options)
  const place = placeOf(alert, options)
  return order === '' ? filled(texts.place, { place, since }) : filled(texts.order, { order, stage: place, since })
}

export function timeText(at: number, { language, timeZone }: Pick<TextOptions, 'language' | 'timeZone'>): string {
  const style = { dateStyle: 'short', timeStyle: 'short', timeZone } as const
  return new Intl.DateTimeFormat(locales[language].formatTag, style).format(at)
}

export type ShownNotice = AlertPlace & Pick<AlertNotice, 'rule' | 'order' | 'beganAt'>

/** Values of the placeholders, see `textPlaceholders`. */
export function alertValues(notice: ShownNotice, options: TextOptions): TextValues {
  const { engine, privacy, siteName, language } = options
  const place = placeOf(notice, options)
  const known = notice.order === '' ? undefined : engine.order(notice.order)
  const visit = known && engine.open.get(known.openSlot)?.visit
  const customer = known?.head.attributes.customer
  return {
    rule: textIn(notice.rule.name, language),
    order: notice.order,
    stage: place,
    place,
    since: timeText(notice.beganAt, options),
    owner: privacy.people === 'shown' ? visit?.owner : undefined,
    customer: customer !== undefined && privacy.customers === 'masked' ? maskedName(customer) : customer,
    site: textIn(siteName, language),
  }
}

type AlertPlace = Pick<AlertNotice, 'process' | 'stage' | 'source'>
export type PlaceOptions = Pick<TextOptions, 'engine' | 'language' | 'timeZone'>

export function placeOf({ process, stage, source }: AlertPlace, { engine, language }: PlaceOptions): string {
  if (source !== '') return source
  const known = engine.process(process)
  if (stage === '') return known === undefined ? process : textIn(known.definition.name, language)
  const name = known?.stage(stage)?.definition.name
  return name === undefined ? stage : textIn(name, language)
}

function linkOf(kind: AlertMessage['kind'], orders: readonly string[], first: AlertNotice | undefined): string {
  const [only, ...others] = orders
  if (only !== undefined && others.length === 0) return `/orders/${encodeURIComponent(only)}`
  return kind === 'digest' || first === undefined ? '/alerts' : `/alerts?rule=${encodeURIComponent(first.rule.id)}`
}
