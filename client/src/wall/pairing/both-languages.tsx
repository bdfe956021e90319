import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { addLanguage } from '../../locales/i18n.ts'
import { fallbackLanguage, languages, locales } from '@stagewatch/shared/domain/locales.ts'
import type { Texts } from '../../locales/texts.ts'
import { useText } from '../../locales/use-text.ts'

interface BothLanguagesProps {
  readonly text: `pairing.${keyof Texts['pairing']}` | `problem.${ProblemCode}` | 'notice.unreachable'
  readonly values?: { readonly address?: string; readonly time?: string }
}

/**
 * The viewer is not known yet, so the text is shown in the browser's language and in English, or in another language if
 * the browser's is English. The second one appears once its texts are loaded.
 */
export function BothLanguages({ text, values }: BothLanguagesProps) {
  const { i18n } = useTranslation()
  const { t, language } = useText()
  const other = [fallbackLanguage, ...languages].find((code) => code !== language) ?? language
  useEffect(() => {
    // If they fail to load, the screen still shows the first language.
    addLanguage(other).catch(() => undefined)
  }, [other])
  return (
    <>
      <span className="both__first">{t(text, { ...values })}</span>
      {i18n.hasResourceBundle(other, 'translation') && (
        <span className="both__other" lang={locales[other].tag}>
          {i18n.getFixedT(other)(text, { ...values })}
        </span>
      )}
    </>
  )
}
