import i18next, { type ParseKeys } from 'i18next'
import { languages, type Language } from '@stagewatch/shared/domain/locales.ts'
import { addLanguage } from './i18n.ts'

/** A text of the page in all languages, for names that readers of other languages see too. @throws like `loadTexts`. */
export async function textInAllLanguages(key: ParseKeys): Promise<Record<Language, string>> {
  await Promise.all(languages.map(addLanguage))
  return Object.fromEntries(languages.map((language) => [language, i18next.getFixedT(language)(key)])) as Record<
    Language,
    string
  >
}
