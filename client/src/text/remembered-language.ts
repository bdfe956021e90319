import { languages, type Language } from './language.ts'

const storageKey = 'stagewatch-language'

/** The language that somebody chose in this browser; null: nobody has, or the browser keeps nothing. */
export function rememberedLanguage(): Language | null {
  try {
    const kept = localStorage.getItem(storageKey)
    return languages.find((language) => language === kept) ?? null
  } catch {
    return null
  }
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
