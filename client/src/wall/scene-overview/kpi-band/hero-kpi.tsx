import type { Board, Kpis } from '@stagewatch/shared/contract/board.ts'
import type { MissingLimitReason } from '../../../format/missing-limits.ts'
import { formatCount, missing } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { StatusGlyph } from '../../../components/status-glyph.tsx'
import { ChangingText } from '../../figures.tsx'
import { Sparkline } from './sparkline.tsx'

/** A longer count leaves no room for the sparkline beside it. */
const roomForLine = 5

interface HeroKpiProps {
  readonly overdue: Kpis['overdue']
  readonly trend: Board['trend']
  /** Why the number is meaningless. */
  readonly missingLimit: MissingLimitReason | undefined
  /** Number of stages that hold orders without a limit while other stages have limits. */
  readonly withoutLimit: number
}

/** Number of overdue orders: the largest figure on the wall, coloured only above the plant's ceiling. */
export function HeroKpi({ overdue, trend, missingLimit, withoutLimit }: HeroKpiProps) {
  const { t, language } = useText()
  const { count, unclaimed, previousDay, ceiling } = overdue
  const text = missingLimit === undefined ? formatCount(count, language) : missing
  const tooMany = count > ceiling
  const before = missingLimit === undefined && (count > 0 || withoutLimit === 0) ? previousDay : undefined
  const claim =
    missingLimit !== undefined ? (
      <span className="kpi__strong">{t(`kpi.${missingLimit}`)}</span>
    ) : count === 0 && withoutLimit > 0 ? (
      <span className="kpi__strong">
        {t('kpi.stagesWithoutLimit', { count: withoutLimit, value: formatCount(withoutLimit, language) })}
      </span>
    ) : unclaimed > 0 ? (
      <span className="kpi__strong">{t('kpi.unclaimed', { value: formatCount(unclaimed, language) })}</span>
    ) : (
      count > 0 && t('kpi.allClaimed')
    )
  return (
    <section className={tooMany ? 'kpi kpi--hero kpi--alarm' : 'kpi kpi--hero'}>
      <h2 className="kpi__label">
        <StatusGlyph state="overdue" quiet={!tooMany} />
        {t('kpi.overdue')}
      </h2>
      <div className="kpi__row">
        <p className="kpi__value">
          <ChangingText text={text} />
        </p>
        {missingLimit === undefined && text.length <= roomForLine && <Sparkline trend={trend} alarm={tooMany} />}
      </div>
      <p className="kpi__sub">
        {claim}
        {claim !== false && before !== undefined && ' · '}
        {before !== undefined && t('kpi.previousDay', { value: formatCount(before, language) })}
      </p>
    </section>
  )
}
