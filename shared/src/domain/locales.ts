import list from './locales.json' with { type: 'json' }

interface LocaleSettings {
  /** BCP 47; also the name of the file with the texts. */
  readonly tag: string
  /** BCP 47 tag for `Intl`: English numbers and dates are formatted the British way, day before month. */
  readonly formatTag: string
  /** The language's name in the language itself. */
  readonly name: string
}

/** Code of a language in which the product has texts, as used by the URL (`?lang=zh`), screens and the server. */
export type Language = keyof typeof list

/** The languages of the product. To add one, see docs/languages.md. */
export const locales: Readonly<Record<Language, LocaleSettings>> = list

export const languages = Object.keys(locales) as readonly Language[]

/** Used if none of the others is preferred; every text exists in this language. */
export const fallbackLanguage: Language = 'en'

export function isLanguage(code: string | null): code is Language {
  return code !== null && Object.hasOwn(locales, code)
}

/** The requested language, else the preferred one (BCP 47), else English. */
export function pickLanguage(asked: string | null, preferred: string): Language {
  if (isLanguage(asked)) return asked
  const primary = preferred.toLowerCase().split('-')[0]
  return languages.find((language) => language === primary) ?? fallbackLanguage
}
