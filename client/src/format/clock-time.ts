import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'

const formatters = new Map<string, Intl.DateTimeFormat>()

/** `14:26` in the given time zone. */
export function timeOfDay(at: number, timeZone: string): string {
  return formatter(timeZone, 'minute', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** `14:22:44` in the given time zone, by default that of the device. */
export function timeWithSeconds(at: number, timeZone?: string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  return formatter(timeZone, 'second', options).format(at)
}

/** `6月9日周二`, `Tue 9 Jun`. */
export function calendarDate(at: number, timeZone: string, language: Language): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short' } as const
  return formatter(timeZone, `day ${language}`, options, locales[language].formatTag).format(at)
}

/** `9/6`, `6/9`: short enough for an axis. */
export function shortDate(at: number, timeZone: string, language: Language): string {
  const options = { day: 'numeric', month: 'numeric' } as const
  return formatter(timeZone, `short ${language}`, options, locales[language].formatTag).format(at)
}

/** Date with its year: `3 Jun 2025`, `2025年6月3日`. */
export function fullDate(at: number, timeZone: string, language: Language): string {
  const options = { day: 'numeric', month: 'short', year: 'numeric' } as const
  return formatter(timeZone, `full ${language}`, options, locales[language].formatTag).format(at)
}

function formatter(
  timeZone: string | undefined,
  kind: string,
  options: Intl.DateTimeFormatOptions,
  locale = 'en-US',
): Intl.DateTimeFormat {
  const key = `${kind} ${timeZone}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat(locale, { ...options, timeZone })
  formatters.set(key, made)
  return made
}
