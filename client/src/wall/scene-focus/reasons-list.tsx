import { useText } from '../../locales/use-text.ts'
import type { StageFocus } from '@stagewatch/shared/contract/board.ts'
import { formatCount } from '../../format/quantity.ts'
import { useTranslated } from '../shown-names.ts'

interface ReasonsProps {
  readonly reasons: StageFocus['reasons']
  /** Number of orders that were counted. */
  readonly counted: number
}

/** One bar per reason. Missing reasons are outlined, so that the gap is visible. */
export function Reasons({ reasons, counted }: ReasonsProps) {
  const { t, language } = useText()
  const translated = useTranslated()
  const most = Math.max(1, ...reasons.map(({ count }) => count))
  return (
    <div className="reasons">
      <p className="reasons__head">
        {t('focus.reasons')}
        <span>{t('focus.reasonsCount', { count: counted, value: formatCount(counted, language) })}</span>
      </p>
      {reasons.map(({ reason, count }) => (
        <div key={reason ?? ''} className="reasons__line">
          <span className="reasons__name ellipsis" dir="auto" data-may-truncate>
            {reason === undefined ? t('focus.noReason') : translated(reason)}
          </span>
          <span className="reasons__track">
            <span
              className={reason === undefined ? 'reasons__bar reasons__bar--none' : 'reasons__bar'}
              style={{ width: `${(count / most) * 100}%` }}
            />
          </span>
          <span className="reasons__count">{formatCount(count, language)}</span>
        </div>
      ))}
    </div>
  )
}
