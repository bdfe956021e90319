import type { Board, Kpis } from '@stagewatch/shared/contract/board.ts'
import type { UnjudgedReason } from '../../../format/judged.ts'
import { formatCount, missing } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { StatusGlyph } from '../../../components/status-glyph.tsx'
import { ChangingText } from '../../changing-text.tsx'
import { Sparkline } from './sparkline.tsx'

/** A count of more signs leaves no room for the line beside it. */
const roomForLine = 5

interface HeroKpiProps {
  readonly overdue: Kpis['overdue']
  readonly trend: Board['trend']
  /** Why the number says nothing. */
  readonly unjudged: UnjudgedReason | undefined
  /** How many stages hold orders without a limit, while others judge theirs. */
  readonly withoutLimit: number
}

/** How many orders are overdue: the largest number of the wall, coloured only above the plant's ceiling. */
export function HeroKpi({ overdue, trend, unjudged, withoutLimit }: HeroKpiProps) {
  const { t, language } = useText()
  const { count, unclaimed, previousDay, ceiling } = overdue
  const text = unjudged === undefined ? formatCount(count, language) : missing
  const tooMany = count > ceiling
  const before = unjudged === undefined && (count > 0 || withoutLimit === 0) ? previousDay : undefined
  const claim =
    unjudged !== undefined ? (
      <span className="kpi__strong">{t(`kpi.${unjudged}`)}</span>
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
        {unjudged === undefined && text.length <= roomForLine && <Sparkline trend={trend} alarm={tooMany} />}
      </div>
      <p className="kpi__sub">
        {claim}
        {claim !== false && before !== undefined && ' · '}
        {before !== undefined && t('kpi.previousDay', { value: formatCount(before, language) })}
      </p>
    </section>
  )
}
