import type { Language } from '../text/language.ts'

const formatters = new Map<string, Intl.DateTimeFormat>()

/** `14:26` on the wall clock of the zone. */
export function timeOfDay(at: number, timeZone: string): string {
  return formatter(timeZone, 'minute', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** `14:22:44` on the wall clock of the zone. */
export function timeWithSeconds(at: number, timeZone: string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  return formatter(timeZone, 'second', options).format(at)
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** `6月9日 周二`, `Tue 9 Jun`. */
export function calendarDate(at: number, timeZone: string, language: Language): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short' } as const
  const parts = new Map(
    formatter(timeZone, 'date', options)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  )
  const weekday = parts.get('weekday') ?? ''
  if (language === 'en') return `${weekday} ${parts.get('day')} ${parts.get('month')}`
  const month = formatter(timeZone, 'month', { month: 'numeric' }).format(at)
  return `${month}月${parts.get('day')}日 周${'日一二三四五六'[weekdays.indexOf(weekday)]}`
}

function formatter(timeZone: string, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${kind} ${timeZone}`
  const known = formatters.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', { ...options, timeZone })
  formatters.set(key, made)
  return made
}
