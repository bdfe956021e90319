import type { Translations } from '@stagewatch/shared/contract/names.ts'
import { createContext, useContext } from 'react'
import { useText } from '../locales/use-text.ts'

/** Translations of customers, people, departments and reasons that came with the current response. */
export const TranslationsContext = createContext<Translations | undefined>(undefined)

/**
 * Translates a text from events into the page's language.
 *
 * @param own of the response that the component itself has loaded; otherwise those of the context.
 */
export function useTranslated(own?: Translations): (text: string) => string {
  const { nameOf } = useText()
  const around = useContext(TranslationsContext)
  const translations = own ?? around
  return (text) => {
    const names = translations !== undefined && Object.hasOwn(translations, text) ? translations[text] : undefined
    return names === undefined ? text : nameOf(names)
  }
}
