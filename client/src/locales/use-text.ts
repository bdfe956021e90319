import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { useTranslation } from 'react-i18next'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { pickLanguage } from '@stagewatch/shared/domain/locales.ts'

/** Texts of the product, and names, in the language of the page. */
export function useText() {
  const { t, i18n } = useTranslation()
  const language = pickLanguage(i18n.language, i18n.language)
  return {
    t,
    language,
    nameOf: (text: LocalText) => textIn(text, language),
  }
}
