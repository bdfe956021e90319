import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { en } from '../../text/en.ts'
import type { Language } from '../../text/language.ts'
import { useText } from '../../text/use-text.ts'

interface BothLanguagesProps {
  readonly text: `pairing.${keyof (typeof en)['pairing']}` | `problem.${ProblemCode}` | 'notice.unreachable'
  readonly values?: { readonly address?: string; readonly time?: string }
}

/** Nobody knows yet who stands in front of it: the language of the browser first, the other one beside it. */
export function BothLanguages({ text, values }: BothLanguagesProps) {
  const { i18n, language } = useText()
  const other: Language = language === 'zh' ? 'en' : 'zh'
  return (
    <>
      <span className="both__first">{i18n.getFixedT(language)(text, { ...values })}</span>
      <span className="both__other" lang={other === 'zh' ? 'zh-CN' : 'en'}>
        {i18n.getFixedT(other)(text, { ...values })}
      </span>
    </>
  )
}
