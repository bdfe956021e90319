import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { filled } from '../channels/render-message.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { AlertMessage, AlertNotice } from './tell-receivers.ts'

/** The limit of `ChannelMessage`. */
const maxLines = 20

export interface TextOptions {
  readonly engine: Pick<LiveEngine, 'process'>
  readonly language: Language
  /** IANA name of the time zone for instants in the text. */
  readonly timeZone: string
}

/**
 * The text of a message. It names orders and stages, but no customers, amounts or people, which a site may keep
 * private, whatever channel the message uses.
 */
export function messageTexts({ kind, severity, notices, key }: AlertMessage, options: TextOptions): ChannelMessage {
  const { language } = options
  const texts = serverTexts(language).alerts
  const [first] = notices
  const orders = [...new Set(notices.flatMap(({ order }) => (order === '' ? [] : [order])))]
  const rule = first?.rule.name ?? ''
  const place = first === undefined ? '' : placeOf(first, options)
  const count = String(notices.length)
  const title =
    kind === 'digest'
      ? filled(texts.digest, { count })
      : orders.length === 0
        ? filled(texts.measure, { rule, place })
        : notices.length === 1
          ? filled(texts.one, { rule, order: orders[0] ?? '' })
          : filled(texts.group, { rule, stage: place, count })
  return {
    severity,
    title: title.slice(0, 200),
    lines: notices.slice(0, maxLines).map((notice) => lineOf(notice, kind, options)),
    link: linkOf(kind, orders, first),
    language,
    orders: orders.slice(0, 1_000),
    dedupeKey: key,
  }
}

function lineOf(notice: AlertNotice, kind: AlertMessage['kind'], options: TextOptions): string {
  const line = subjectLine(notice, options)
  // A digest contains warnings of several rules.
  return (kind === 'digest' ? `${notice.rule.name}: ${line}` : line).slice(0, 500)
}

/** What an alert is about, and since when. */
export function subjectLine(alert: AlertPlace & Pick<AlertNotice, 'order' | 'beganAt'>, options: TextOptions): string {
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

type AlertPlace = Pick<AlertNotice, 'process' | 'stage' | 'source'>

export function placeOf({ process, stage, source }: AlertPlace, { engine, language }: TextOptions): string {
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
