import { useText } from '../../text/use-text.ts'
import type { ReasonCount } from './reasons.ts'

interface ReasonsProps {
  readonly reasons: readonly ReasonCount[]
  /** How many orders they were counted from. */
  readonly counted: number
}

/** One bar a reason; the missing ones are outlined, so that the gap is seen. */
export function Reasons({ reasons, counted }: ReasonsProps) {
  const { t } = useText()
  const most = Math.max(1, ...reasons.map(({ count }) => count))
  return (
    <div className="reasons">
      <p className="reasons__head">
        {t('focus.reasons')}
        <span>{t('focus.reasonsCount', { count: counted })}</span>
      </p>
      {reasons.map(({ reason, count }) => (
        <div key={reason ?? ''} className="reasons__line">
          <span className="reasons__name ellipsis" data-may-truncate>
            {reason ?? t('focus.noReason')}
          </span>
          <span className="reasons__track">
            <span
              className={reason === undefined ? 'reasons__bar reasons__bar--none' : 'reasons__bar'}
              style={{ width: `${(count / most) * 100}%` }}
            />
          </span>
          <span className="reasons__count">{count}</span>
        </div>
      ))}
    </div>
  )
}
