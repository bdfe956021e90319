import type { Translations } from '@stagewatch/shared/contract/translations.ts'
import { createContext, useContext } from 'react'
import { useText } from '../locales/use-text.ts'

/** Translations of customers, people, departments and reasons that came with the current response. */
export const TranslationsContext = createContext<Translations | undefined>(undefined)

/** Translates a text from events into the page's language. */
export function useTranslated(): (text: string) => string {
  const { nameOf } = useText()
  const translations = useContext(TranslationsContext)
  return (text) => {
    const names = translations !== undefined && Object.hasOwn(translations, text) ? translations[text] : undefined
    return names === undefined ? text : nameOf(names)
  }
}
