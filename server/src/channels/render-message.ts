import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { serverTexts } from '../platform/server-texts.ts'
import type { Dialect } from './dialects.ts'

export interface MessageLimit {
  readonly unit: 'characters' | 'bytes'
  readonly max: number
}

/** A message as sent, in one language and the markup of one provider. */
export interface Rendering {
  readonly severity: ChannelMessage['severity']
  /** Plain text. */
  readonly title: string
  /** The complete text: heading, body and link. */
  readonly text: string
  /** The part between heading and link, for providers with separate fields for these. */
  readonly body: string
  readonly url: string
  /** Label of the link. */
  readonly open: string
  /** The link is where the recipient stops such mails. */
  readonly isStopLink: boolean
}

export interface RenderOptions {
  readonly dialect: Dialect
  readonly limit: MessageLimit
  /** URL under which people reach the server, without a trailing slash. */
  readonly publicUrl: string
}

/** Target of the link in a merged message. */
const mergedLink = '/orders'

/** Length of the text in the unit of the limit. */
function lengthOf(text: string, unit: MessageLimit['unit']): number {
  return unit === 'bytes' ? Buffer.byteLength(text) : charactersOf(text).length
}

/** Unicode code points, as providers count them; surrogate pairs are never split. */
function charactersOf(text: string): string[] {
  return Array.from(text)
}

/**
 * Merges as many of the messages, from the first on, as fit with every order named. The first one is always sent: if it
 * is too long, lines are dropped first, then orders, and the text states how many are missing; the link leads to all of
 * them.
 */
export function renderMessages(
  messages: readonly [ChannelMessage, ...ChannelMessage[]],
  options: RenderOptions,
): { readonly rendering: Rendering; readonly count: number } {
  // Texts grow with every message, so a binary search finds the longest that fits.
  let [fitting, tooMany] = [1, messages.length + 1]
  let merged: Rendering | undefined
  while (tooMany - fitting > 1) {
    const tried = Math.floor((fitting + tooMany) / 2)
    const rendering = renderMerged(messages.slice(0, tried), options)
    if (fits(rendering, options)) [fitting, merged] = [tried, rendering]
    else tooMany = tried
  }
  return merged === undefined
    ? { rendering: renderOne(messages[0], options), count: 1 }
    : { rendering: merged, count: fitting }
}

/** The names of the orders, and the number of further ones if not all fit. */
function namedOrders(orders: readonly string[], named: number, language: ChannelMessage['language']): string {
  const { comma, more } = serverTexts(language).channels
  const names = orders.slice(0, named)
  const rest = orders.length - names.length
  return [...names, ...(rest > 0 ? [filled(more, { count: String(rest) })] : [])].join(comma)
}

/** The names of as many orders as fit within a limit. */
export function ordersWithin(
  orders: readonly string[],
  { unit, max }: MessageLimit,
  language: ChannelMessage['language'],
): string {
  const named = mostThat(orders.length, (count) => lengthOf(namedOrders(orders, count, language), unit) <= max)
  return cut(namedOrders(orders, Math.max(named, 0), language), max, unit)
}

/** Replaces placeholders of the form `{name}` by values. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** The beginning of a text, with an ellipsis if it is truncated. */
export function cut(text: string, max: number, unit: MessageLimit['unit'] = 'characters'): string {
  if (lengthOf(text, unit) <= max) return text
  const characters = charactersOf(text)
  const room = max - lengthOf('…', unit)
  const kept = mostThat(characters.length, (count) => lengthOf(characters.slice(0, count).join(''), unit) <= room)
  return `${characters.slice(0, Math.max(kept, 0)).join('')}…`
}

function renderMerged(messages: readonly ChannelMessage[], options: RenderOptions): Rendering {
  const [first] = messages
  if (first === undefined) throw new Error('there is no message to send')
  const { language } = first
  const texts = serverTexts(language).channels
  const severity = messages.some((message) => message.severity === 'critical') ? 'critical' : first.severity
  const lines = messages.map(({ title, orders }) =>
    orders.length === 0 ? `• ${title}` : `• ${title} (${orders.join(texts.comma)})`,
  )
  const title = filled(texts.merged, { count: String(messages.length) })
  return assembled({ severity, language, title, lines, link: mergedLink }, options)
}

/**
 * The message with its first orders only, as many as fit with their names and without its lines. The same message if no
 * order fits.
 */
export function withFittingOrders(message: ChannelMessage, options: RenderOptions): ChannelMessage {
  const { orders } = message
  const part = (count: number): ChannelMessage => ({ ...message, lines: [], orders: orders.slice(0, count) })
  const fitting = mostThat(orders.length, (count) =>
    fits(builtFrom(part(count), { lineCount: 0, orderCount: count }, options), options),
  )
  if (fitting === orders.length) return message
  return fitting > 0 ? part(fitting) : message
}

/** Drops lines before orders, and truncates the title last. */
function renderOne(message: ChannelMessage, options: RenderOptions): Rendering {
  const { title, lines } = message
  const orders = namedInList(message)
  const built = (lineCount: number, orderCount: number, shownTitle = title) =>
    builtFrom({ ...message, title: shownTitle }, { lineCount, orderCount }, options)
  const lineCount = mostThat(lines.length, (count) => fits(built(count, orders.length), options))
  if (lineCount >= 0) return built(lineCount, orders.length)
  const orderCount = mostThat(orders.length, (count) => fits(built(0, count), options))
  if (orderCount >= 0) return built(0, orderCount)
  const letters = charactersOf(title).length
  const kept = mostThat(letters, (count) => fits(built(0, 0, cut(title, count)), options))
  return built(0, 0, cut(title, Math.max(kept, 1)))
}

/** The title or the lines of a mail to a customer name the order. */
function namedInList({ orders, isForCustomer }: ChannelMessage): readonly string[] {
  return isForCustomer === true ? [] : orders
}

function builtFrom(
  message: ChannelMessage,
  { lineCount, orderCount }: { readonly lineCount: number; readonly orderCount: number },
  options: RenderOptions,
): Rendering {
  const { language, lines } = message
  const orders = namedInList(message)
  const shown = lineCount < lines.length ? [...lines.slice(0, lineCount), '…'] : lines
  const names = namedOrders(orders, orderCount, language)
  const ofOrders = orders.length === 0 ? [] : [filled(serverTexts(language).channels.orders, { orders: names })]
  return assembled({ ...message, lines: [...ofOrders, ...shown] }, options)
}

interface Parts extends Pick<ChannelMessage, 'severity' | 'language' | 'title' | 'lines' | 'link' | 'isForCustomer'> {}

function assembled(
  { severity, language, title, lines, link, isForCustomer }: Parts,
  { dialect, publicUrl }: RenderOptions,
): Rendering {
  const texts = serverTexts(language).channels
  const isStopLink = isForCustomer === true
  const open = isStopLink ? texts.stop : texts.open
  const heading = isStopLink ? title : `[${texts.severities[severity]}] ${title}`
  const body = lines.map((line) => dialect.escape(line)).join(dialect.newline)
  const url = `${publicUrl}${link}`
  const text = [dialect.heading(dialect.escape(heading), severity), body, dialect.link(dialect.escape(open), url)]
  const whole = text.filter((part) => part !== '').join(dialect.newline)
  return { severity, title: heading, body, url, open, isStopLink, text: whole }
}

function fits({ text }: Rendering, { limit: { unit, max } }: RenderOptions): boolean {
  return lengthOf(text, unit) <= max
}

/** The largest number up to `most` for which a monotonic condition holds; −1 if it holds for none. */
function mostThat(most: number, holds: (count: number) => boolean): number {
  let [good, bad] = [-1, most + 1]
  while (bad - good > 1) {
    const tried = Math.floor((good + bad) / 2)
    if (holds(tried)) good = tried
    else bad = tried
  }
  return good
}
