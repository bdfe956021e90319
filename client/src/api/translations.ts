import type { Translations } from '@stagewatch/shared/contract/translations.ts'
import { createContext, useContext } from 'react'
import { useText } from '../locales/use-text.ts'

/** What came with an answer of what its customers, people, departments and reasons are called in other languages. */
export const TranslationsContext = createContext<Translations | undefined>(undefined)

/** What a text that events gave is called in the language of the page. */
export function useTranslated(): (text: string) => string {
  const { nameOf } = useText()
  const translations = useContext(TranslationsContext)
  return (text) => {
    const names = translations !== undefined && Object.hasOwn(translations, text) ? translations[text] : undefined
    return names === undefined ? text : nameOf(names)
  }
}
