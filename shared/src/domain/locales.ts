import list from './locales.json' with { type: 'json' }

interface LocaleSettings {
  /** BCP 47; the files with the texts are named after it. */
  readonly tag: string
  /** BCP 47 tag for `Intl`: English numbers and dates are written the British way, day before month. */
  readonly formatTag: string
  /** The language's name in the language itself. */
  readonly name: string
}

/** Code of a language in which the product has texts, as the address (`?lang=zh`), a screen and the server use it. */
export type Language = keyof typeof list

/** The languages of the product. To add one, see docs/languages.md. */
export const locales: Readonly<Record<Language, LocaleSettings>> = list

export const languages = Object.keys(locales) as readonly Language[]

/** The language of whoever reads none of the others, and the one that every text exists in. */
export const fallbackLanguage: Language = 'en'

export function isLanguage(code: string | null): code is Language {
  return code !== null && Object.hasOwn(locales, code)
}

/** The language that was asked for, else the preferred one (BCP 47), else English. */
export function pickLanguage(asked: string | null, preferred: string): Language {
  if (isLanguage(asked)) return asked
  const primary = preferred.toLowerCase().split('-')[0]
  return languages.find((language) => language === primary) ?? fallbackLanguage
}
