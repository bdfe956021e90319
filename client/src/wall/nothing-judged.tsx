import type { UnjudgedReason } from '../format/judged.ts'
import { useText } from '../locales/use-text.ts'
import { StatusGlyph } from '../components/status-glyph.tsx'
import './nothing-judged.css'

/** In place of a list that is empty because no order is held against a limit: that it is so, and what to do. */
export function NothingJudged({ reason }: { readonly reason: UnjudgedReason }) {
  const { t } = useText()
  return (
    <div className="unjudged" role="status">
      <p className="unjudged__title">
        <StatusGlyph state="unknown" />
        {t(`unjudged.${reason}`)}
      </p>
      <p>{t(`unjudged.${reason}Text`)}</p>
      {reason === 'noLimits' && (
        <>
          <p className="unjudged__command">stagewatch process set process.json</p>
          <p className="unjudged__more">{t('unjudged.more')}</p>
        </>
      )}
    </div>
  )
}
