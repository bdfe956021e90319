import { fallbackLanguage } from './locales.ts'

/** Code of a language, such as `zh` or `pt-BR`, including languages in which the product itself has no texts. */
export type Locale = string

/** A name in one or more languages. If it is missing or empty in a language, there is no translation. */
export type LocalText = Readonly<Record<Locale, string>>

/** The name in the language, else in English, else in any language that it has; empty only if it has none. */
export function textIn(text: LocalText, locale: Locale): string {
  const preferred = [text[locale], text[fallbackLanguage], ...Object.values(text)]
  return preferred.find((name) => name !== undefined && name !== '') ?? ''
}

/** Uses a code as its own name: the same in Chinese and English, which every name on the wire has. */
export function untranslated(code: string): { readonly zh: string; readonly en: string } {
  return { zh: code, en: code }
}

/** The name with Chinese and English filled in, which every client of the API may rely on. */
export function withChineseAndEnglish(text: LocalText): Record<Locale, string> {
  return { ...text, zh: text['zh'] ?? textIn(text, 'zh'), en: text['en'] ?? textIn(text, 'en') }
}
