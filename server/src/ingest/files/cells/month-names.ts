/** Languages whose names are read. */
export const nameLocales = ['en', 'de', 'fr', 'es', 'pt', 'pl', 'ru'] as const
/** Abbreviations that Intl no longer returns or never did. */
const olderNames: readonly (readonly [string, number])[] = [
  ['mrz', 3],
  ['sept', 9],
  ['sep', 9],
  ['set', 9],
  ['фев', 2],
  ['сен', 9],
  ['ноя', 11],
]
/**
 * Names that mean another month in a language whose names are not read, so that nobody can tell from a date which of the
 * two is meant.
 */
const doubtfulNames: ReadonlyMap<string, string> = new Map([
  ['lip', 'is June in Croatian and July in Polish'],
  ['lis', 'is October in Croatian and November in Polish'],
  ['listopad', 'is October in Croatian and November in Polish'],
  ['listopada', 'is October in Croatian and November in Polish'],
])

/** The names of a language with their numbers from 1 on: as they are written in a date, and alone. */
function namesOf(locale: string, field: 'month' | 'weekday'): (readonly [string, number])[] {
  const count = field === 'month' ? 12 : 7
  const formats = (['long', 'short'] as const).flatMap((style) =>
    [{ day: 'numeric' } as const, {}].map(
      (beside) => new Intl.DateTimeFormat(locale, { [field]: style, ...beside, timeZone: 'UTC' }),
    ),
  )
  return formats.flatMap((format) =>
    Array.from({ length: count }, (_, i): readonly [string, number] => {
      // 5 January 2026 is a Monday.
      const date = field === 'month' ? Date.UTC(2026, i, 5) : Date.UTC(2026, 0, 5 + i)
      const name = format.formatToParts(date).find(({ type }) => type === field)?.value ?? ''
      return [nameKey(name), i + 1]
    }),
  )
}

/** The names of the months of a language, in the form in which they are compared. */
export function monthNames(locale: string): ReadonlyMap<string, number> {
  return new Map(namesOf(locale, 'month'))
}

const months = new Map([...nameLocales.flatMap((locale) => namesOf(locale, 'month')), ...olderNames])
const weekdays = new Set(nameLocales.flatMap((locale) => namesOf(locale, 'weekday').map(([name]) => name)))

/** 1 to 12 for a long or short month name of one of the languages; undefined for others, and for doubtful ones. */
export function monthOf(name: string): number | undefined {
  const key = nameKey(name)
  return doubtfulNames.has(key) ? undefined : months.get(key)
}

/** Why it cannot be said which month a name means; undefined if it can, or if it is no name of a month. */
export function doubtOf(name: string): string | undefined {
  return doubtfulNames.get(nameKey(name))
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
