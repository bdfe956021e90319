import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'

/**
 * What a field asks for: a day, a time of day, or both without a time zone. The values are those of the inputs of
 * browsers: `2026-11-28`, `14:30` and `2026-11-28T14:30`, with seconds where they are given.
 */
export type ClockKind = 'date' | 'time' | 'datetime'

const datePattern = String.raw`(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?`
const timePattern = String.raw`(\d{1,2})\s*[:.时]?\s*(\d{2})\s*分?(?:\s*[:.]?\s*(\d{2})\s*秒?)?`
const patterns: Readonly<Record<ClockKind, RegExp>> = {
  date: new RegExp(`^${datePattern}$`),
  time: new RegExp(`^${timePattern}$`),
  datetime: new RegExp(String.raw`^${datePattern}[\sT,]*${timePattern}$`),
}

/**
 * The value of a typed text, which may use the separators of either language or none. Undefined if it names no time
 * that exists. The order of a day is always year, month, day: 03/04 means something else in other countries.
 */
export function parseTyped(kind: ClockKind, text: string): string | undefined {
  // Chinese input methods type full-width digits and punctuation.
  const parts = patterns[kind].exec(text.normalize('NFKC').trim())?.slice(1) ?? []
  const [year, month, day] = kind === 'time' ? [] : parts
  const [hour, minute, second] = kind === 'time' ? parts : parts.slice(3)
  const date = [year, ...[month, day].map((part) => part?.padStart(2, '0'))].join('-')
  const time = [hour?.padStart(2, '0'), minute, second].filter((part) => part !== undefined).join(':')
  const value = kind === 'date' ? date : kind === 'time' ? time : `${date}T${time}`
  return instantOf(kind, value) === undefined ? undefined : value
}

/** Whether a value of a field is a day: fields also report what was typed so far. */
export function isDay(value: string): boolean {
  return parseTyped('date', value) === value
}

/** A value as it is edited: `2026-11-28 14:30` in both languages, always 24 hours. */
export function editedText(value: string): string {
  return value.replace('T', ' ')
}

/** A value as it is shown: `2026年11月28日周六 14:30` or `Sat, 28 Nov 2026, 14:30`. Other texts are shown as they are. */
export function shownText(kind: ClockKind, value: string, language: Language): string {
  const at = instantOf(kind, value)
  if (at === undefined) return editedText(value)
  const format = new Intl.DateTimeFormat(locales[language].formatTag, {
    timeZone: 'UTC',
    ...(kind !== 'time' && { ...dayOptions, month: language === 'zh' ? 'long' : 'short' }),
    ...(kind !== 'date' && { ...timeOptions, ...(/:\d{2}:/.test(value) && { second: '2-digit' }) }),
  })
  return format.format(at)
}

const dayOptions: Intl.DateTimeFormatOptions = { year: 'numeric', day: 'numeric', weekday: 'short' }
const timeOptions: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }

/** The instant of a value as if it were UTC, epoch ms. Undefined if there is no such day or time. */
function instantOf(kind: ClockKind, value: string): number | undefined {
  const iso = kind === 'time' ? `1970-01-01T${value}` : value
  const at = Date.parse(kind === 'date' ? iso : `${iso}Z`)
  if (Number.isNaN(at)) return undefined
  // 31 April is read as 1 May.
  return new Date(at).toISOString().startsWith(iso) ? at : undefined
}
