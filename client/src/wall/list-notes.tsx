import type { MissingLimitReason } from '../format/missing-limits.ts'
import { useText } from '../locales/use-text.ts'
import { StatusGlyph } from '../components/status-glyph.tsx'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { fullDate } from '../format/clock-time.ts'
import { formatCount } from '../format/quantity.ts'
import { replayCommand, type OldData } from '@stagewatch/shared/domain/old-data.ts'
import './list-notes.css'

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

/** Footer of a list: how old the data is, and how to replay an imported file as if it happened now. */
export function OldDataHint({ old, site }: { readonly old: OldData; readonly site: Board['site'] }) {
  const { t, language } = useText()
  return (
    <div className="old-data" role="status">
      <p className="old-data__age">
        {t('oldData.ended', {
          date: fullDate(old.endsOn, site.timeZone, language),
          count: old.days,
          value: formatCount(old.days, language),
        })}
      </p>
      <p>{t('oldData.replay')}</p>
      <p className="old-data__command">{replayCommand}</p>
    </div>
  )
}
