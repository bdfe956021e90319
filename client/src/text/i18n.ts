import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'
import type { Language } from './language.ts'
import { zhCn } from './zh-cn.ts'

/** @param desk words of the desk, by language; the other pages load without them. */
export async function startTexts(language: Language, desk?: Readonly<Record<Language, object>>): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {
      en: { translation: { ...en, ...(desk && { desk: desk.en }) } },
      zh: { translation: { ...zhCn, ...(desk && { desk: desk.zh }) } },
    },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
  showLanguage(language)
  return i18next
}

/** Tells the browser which language the page is in, for its voices, hyphenation and glyph forms. */
export function showLanguage(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  document.documentElement.dataset['language'] = language
}
