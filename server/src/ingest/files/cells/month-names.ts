const locales = ['en', 'de', 'fr', 'es']
/** Abbreviations that Intl no longer returns or never did. */
const olderNames: readonly (readonly [string, number])[] = [
  ['mrz', 3],
  ['sept', 9],
  ['sep', 9],
  ['set', 9],
]

const namesByLength = (
  style: 'long' | 'short',
  field: 'month' | 'weekday',
  count: number,
): (readonly [string, number])[] =>
  locales.flatMap((locale) => {
    const format = new Intl.DateTimeFormat(locale, { [field]: style, day: 'numeric', timeZone: 'UTC' })
    return Array.from({ length: count }, (_, i): readonly [string, number] => {
      // 5 January 2026 is a Monday.
      const date = field === 'month' ? Date.UTC(2026, i, 5) : Date.UTC(2026, 0, 5 + i)
      const name = format.formatToParts(date).find(({ type }) => type === field)?.value ?? ''
      return [nameKey(name), i + 1]
    })
  })

const months = new Map([...namesByLength('long', 'month', 12), ...namesByLength('short', 'month', 12), ...olderNames])
const weekdays = new Set(
  [...namesByLength('long', 'weekday', 7), ...namesByLength('short', 'weekday', 7)].map(([name]) => name),
)

/** 1 to 12 for a long or short month name in English, German, French or Spanish; undefined for other words. */
export function monthOf(name: string): number | undefined {
  return months.get(nameKey(name))
}

export function isWeekday(name: string): boolean {
  return weekdays.has(nameKey(name))
}

function nameKey(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\p{M}.]/gu, '')
    .toLowerCase()
}
