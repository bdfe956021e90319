import i18next, { type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { isLanguage, locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { loadTexts, type TextFiles } from './texts.ts'

const namespace = 'translation'

/** Text files of the current page. */
let files: TextFiles = {}

/** @throws like `loadTexts`. */
export async function startTexts(language: Language, filesOfPage: TextFiles): Promise<i18n> {
  files = filesOfPage
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { [namespace]: await loadTexts(language, files) } },
    react: { bindI18nStore: 'added' },
    // React escapes all texts.
    interpolation: { escapeValue: false },
  })
  tellBrowser(language)
  return i18next
}

/** Switches the page to another language. @throws like `loadTexts`. */
export async function changeLanguage(language: Language): Promise<void> {
  await addLanguage(language)
  await i18next.changeLanguage(language)
  tellBrowser(language)
}

/** Loads the texts of another language in addition to the current one. @throws like `loadTexts`. */
export async function addLanguage(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, namespace)) return
  i18next.addResourceBundle(language, namespace, await loadTexts(language, files))
}

/** Browsers use it for screen readers, hyphenation and glyph variants. */
function tellBrowser(language: Language): void {
  document.documentElement.lang = locales[language].tag
  document.documentElement.dataset['language'] = language
}

/** Key in the local storage. */
const storageKey = 'stagewatch-language'

/** The language chosen in this browser. Null if none was chosen, or if the browser has no storage. */
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
    // Without storage, the choice lasts until the page is closed.
  }
}
