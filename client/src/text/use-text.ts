import { useTranslation } from 'react-i18next'
import type { LocalText } from '@stagewatch/shared/domain/process-definition.ts'
import { localName, type Language } from './language.ts'

export function useText() {
  const { t, i18n } = useTranslation()
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en'
  return { t, i18n, language, nameOf: (text: LocalText) => localName(text, language) }
}
