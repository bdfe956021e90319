import type { MissingLimitReason } from '../format/missing-limits.ts'
import { useText } from '../locales/use-text.ts'
import { StatusGlyph } from '../components/status-glyph.tsx'
import './missing-limits-notice.css'

/** Replaces a list that is empty because no order has a limit: says so and explains what to do. */
export function MissingLimitsNotice({ reason }: { readonly reason: MissingLimitReason }) {
  const { t } = useText()
  return (
    <div className="missing-limits" role="status">
      <p className="missing-limits__title">
        <StatusGlyph state="unknown" />
        {t(`unjudged.${reason}`)}
      </p>
      <p>{t(`unjudged.${reason}Text`)}</p>
      {reason === 'noLimits' && (
        <>
          <p className="missing-limits__command">stagewatch process set process.json</p>
          <p className="missing-limits__more">{t('unjudged.more')}</p>
        </>
      )}
    </div>
  )
}
