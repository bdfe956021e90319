import type { Board } from '@stagewatch/shared/contract/board.ts'
import { fullDate } from '../format/clock-time.ts'
import { formatCount } from '../format/quantity.ts'
import { useText } from '../locales/use-text.ts'
import { replayCommand, type OldData } from '@stagewatch/shared/domain/old-data.ts'
import './old-data-hint.css'

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
