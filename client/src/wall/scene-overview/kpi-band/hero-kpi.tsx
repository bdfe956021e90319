import type { Board, Kpis } from '@stagewatch/shared/contract/board.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../text/use-text.ts'
import { StatusGlyph } from '../../../theme/status-glyph.tsx'
import { ChangingText } from '../../changing-text.tsx'
import { Sparkline } from './sparkline.tsx'

/** A count of more signs leaves no room for the line beside it. */
const roomForLine = 5

interface HeroKpiProps {
  readonly overdue: Kpis['overdue']
  readonly trend: Board['trend']
}

/** How many orders are overdue: the largest number of the wall, coloured only above the plant's ceiling. */
export function HeroKpi({ overdue, trend }: HeroKpiProps) {
  const { t, language } = useText()
  const { count, unclaimed, previousDay, ceiling } = overdue
  const text = formatCount(count, language)
  const tooMany = count > ceiling
  const claim =
    unclaimed > 0 ? (
      <span className="kpi__strong">{t('kpi.unclaimed', { count: formatCount(unclaimed, language) })}</span>
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
        {text.length <= roomForLine && <Sparkline trend={trend} alarm={tooMany} />}
      </div>
      <p className="kpi__sub">
        {claim}
        {claim !== false && previousDay !== undefined && ' · '}
        {previousDay !== undefined && t('kpi.previousDay', { count: formatCount(previousDay, language) })}
      </p>
    </section>
  )
}
