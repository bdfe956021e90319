import type { Board } from '@stagewatch/shared/contract/board.ts'
import { limitPair } from '../../format/limit-pair.ts'
import { formatCount, formatNet, formatPercent, formatShare, missing } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { Bullet } from '../bullet.tsx'
import { heatLook, isAlarm } from '../heat-cell.ts'
import { Kpi } from '../kpi.tsx'
import { useSpan } from '../time-texts.ts'
import { StageTitle } from './stage-title.tsx'

interface FocusBandProps {
  readonly board: Pick<Board, 'stages' | 'stageOrder' | 'bottleneck'>
  readonly stage: string
}

/** The stage's name and its numbers, as large as those of the overview. */
export function FocusBand({ board, stage }: FocusBandProps) {
  const { t, language, nameOf } = useText()
  const span = useSpan()
  const column = board.stages[stage]
  if (column === undefined) return <section className="focus-band" />
  const { wip, overdue, atRisk, held, stalled, arrivalsToday, departuresToday, medianMs, medianCount, targetMs } =
    column
  const count = (value: number) => formatCount(value, language)
  const look = heatLook(column, column, language)
  const alarm = isAlarm(look)
  const pair = limitPair(medianMs, targetMs, language)
  return (
    <section className="focus-band">
      <StageTitle
        name={nameOf(column.name)}
        position={t('focus.position', { nth: board.stageOrder.indexOf(stage) + 1, total: board.stageOrder.length })}
        framed={board.bottleneck === stage}
        terms={[
          targetMs === undefined ? t('focus.noLimit') : t('focus.limit', { limit: span(targetMs) }),
          t('focus.tolerance', { value: formatPercent(column.toleranceRatio, language) }),
        ].join(' · ')}
      />
      <Kpi
        label={t('focus.open')}
        value={count(wip)}
        sub={t('focus.openSub', { atRisk: count(atRisk), held: count(held) })}
      />
      <Kpi
        label={t('focus.overdue')}
        glyph={{ state: 'overdue', quiet: !alarm }}
        alarm={alarm}
        value={look.kind === 'noLimit' ? missing : count(overdue)}
        sub={
          <>
            {wip > 0 && t('focus.share', { percent: formatShare(overdue, wip, language) })}
            {' · '}
            <span className={stalled > 0 ? 'kpi__strong' : undefined}>
              {t('focus.stalled', { value: count(stalled) })}
            </span>
          </>
        }
      />
      <Kpi
        label={t('focus.net')}
        value={formatNet(arrivalsToday - departuresToday, language)}
        sub={t('focus.flow', { in: count(arrivalsToday), out: count(departuresToday) })}
      />
      <div className="focus-band__median">
        <Kpi
          label={t('focus.median')}
          value={
            pair === undefined
              ? missing
              : `${pair.lead ? pair.lead.value + t(`unit.${pair.lead.unit}`) : ''}${pair.value}`
          }
          {...(pair && { unit: pair.unit })}
          sub={t('focus.medianSub', { count: medianCount, value: count(medianCount) })}
        />
        <Bullet medianMs={medianMs} targetMs={targetMs} />
      </div>
    </section>
  )
}
