import type { LocalText } from '@stagewatch/shared/domain/process-definition.ts'

export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]

/** The language that was asked for, else the browser's, else English. */
export function pickLanguage(asked: string | null, browserLanguage: string): Language {
  const known = languages.find((language) => language === asked)
  return known ?? (browserLanguage.toLowerCase().startsWith('zh') ? 'zh' : 'en')
}

/** A name in the language; what nobody has translated is shown as it is. */
export function localName(text: LocalText, language: Language): string {
  return text[language] || text.zh || text.en
}
