import { readFileSync } from 'node:fs'
import { languages, locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import type english from '../locales/en.json'

/** The texts that the server itself writes: mails, and the simple page for old browsers. */
export type ServerTexts = typeof english

const textsByLanguage = new Map(languages.map((language) => [language, readTexts(language)]))

export function serverTexts(language: Language): ServerTexts {
  return textsByLanguage.get(language) ?? readTexts(language)
}

/** Every language has the keys of the English file; a test checks this. */
function readTexts(language: Language): ServerTexts {
  const file = new URL(`../locales/${locales[language].tag}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, 'utf8')) as ServerTexts
}
