import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { isLanguage, locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { loadTexts, type TextFiles } from './texts.ts'

const namespace = 'translation'

/** Of the page that is shown. */
let files: TextFiles = {}

/** @throws as `loadTexts`. */
export async function startTexts(language: Language, filesOfPage: TextFiles): Promise<i18n> {
  files = filesOfPage
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { [namespace]: await loadTexts(language, files) } },
    react: { bindI18nStore: 'added' },
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
  tellBrowser(language)
  return i18next
}

/** Shows the page in another language. @throws as `loadTexts`. */
export async function changeLanguage(language: Language): Promise<void> {
  await addLanguage(language)
  await i18next.changeLanguage(language)
  tellBrowser(language)
}

/** Makes the texts of a language available beside the one that is shown. @throws as `loadTexts`. */
export async function addLanguage(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, namespace)) return
  i18next.addResourceBundle(language, namespace, await loadTexts(language, files))
}

/** For the voices, the hyphenation and the forms of glyphs. */
function tellBrowser(language: Language): void {
  document.documentElement.lang = locales[language].tag
  document.documentElement.dataset['language'] = language
}

/** Of the local storage. */
const storageKey = 'stagewatch-language'

/** The language that somebody chose in this browser; null: nobody has, or the browser stores nothing. */
export function storedLanguage(): Language | null {
  try {
    const stored = localStorage.getItem(storageKey)
    return isLanguage(stored) ? stored : null
  } catch {
    return null
  }
}

export function storeLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // A browser that stores nothing asks again next time.
  }
}
