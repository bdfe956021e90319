import type { Board } from '@stagewatch/shared/contract/board.ts'
import { cannotStall, stagesWithoutLimit, missingLimitReason } from '../../../format/missing-limits.ts'
import { formatCount, formatPercent, missing } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { useSpan } from '../../time-texts.ts'
import { HeroKpi } from './hero-kpi.tsx'
import './kpi-band.css'
import { leadTimeFigure, onTimeFigure } from '../../kpi-figure.ts'
import { Kpi } from '../../kpi.tsx'

/** The six numbers of the top row. */
export function KpiBand({ board }: { readonly board: Pick<Board, 'kpis' | 'trend' | 'stages' | 'stageOrder'> }) {
  const { t, language } = useText()
  const span = useSpan()
  const { overdue, stalled, atRisk, onTime, open, leadTime } = board.kpis
  const soonTooMany = atRisk.soonCeiling !== undefined && atRisk.soon > atRisk.soonCeiling
  const count = (value: number) => formatCount(value, language)
  const missingLimit = missingLimitReason(board)
  const isStallImpossible = cannotStall(board.kpis)
  const onTimeParts = [
    t('kpi.signedOf', { onTime: count(onTime.onTime), signed: count(onTime.signed) }),
    onTime.targetRatio !== undefined && t('kpi.target', { value: formatPercent(onTime.targetRatio, language) }),
  ]
  const leadTimeParts = [
    t('kpi.leadTimeSpan'),
    leadTime.targetMs !== undefined && t('kpi.target', { value: span(leadTime.targetMs) }),
  ]
  return (
    <section className="kpi-band">
      <HeroKpi
        overdue={overdue}
        trend={board.trend}
        missingLimit={missingLimit}
        withoutLimit={stagesWithoutLimit(board).length}
      />
      <Kpi
        label={t('kpi.stalled')}
        glyph={{ state: 'stalled', quiet: stalled.count === 0 }}
        value={isStallImpossible ? missing : count(stalled.count)}
        sub={
          isStallImpossible
            ? t('kpi.noStallRule')
            : stalled.afterMs === undefined
              ? t('kpi.stalledRule')
              : t('kpi.stalledAfter', { duration: span(stalled.afterMs) })
        }
      />
      <Kpi
        label={t('kpi.atRisk')}
        glyph={{ state: 'atRisk', quiet: !soonTooMany }}
        value={missingLimit === undefined ? count(atRisk.count) : missing}
        sub={
          missingLimit === undefined ? (
            <>
              <span className={soonTooMany ? 'kpi__strong' : undefined}>{count(atRisk.soon)}</span>{' '}
              {t('kpi.soonRest', { duration: span(atRisk.soonWithinMs) })}
            </>
          ) : (
            t(`kpi.${missingLimit}`)
          )
        }
      />
      <Kpi label={t('kpi.onTime')} {...onTimeFigure(onTime, language)} sub={joined(onTimeParts)} />
      <Kpi
        label={t('kpi.open')}
        value={count(open.count)}
        sub={t('kpi.flow', { in: count(open.inToday), out: count(open.outToday) })}
      />
      <Kpi label={t('kpi.leadTime')} {...leadTimeFigure(leadTime, language)} sub={joined(leadTimeParts)} />
    </section>
  )
}

function joined(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(' · ')
}
