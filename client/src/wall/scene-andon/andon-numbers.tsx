import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import type { ReactNode } from 'react'
import { cannotStall, isWithoutLimits } from '../../format/missing-limits.ts'
import { formatCount, missing } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import { Icon } from '../../components/icon.tsx'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { ChangingText } from '../figures.tsx'
import { onTimeFigure } from '../kpi-figure.ts'

export function AndonNumbers({ kpis }: { readonly kpis: Kpis }) {
  const { t, language } = useText()
  const { overdue, stalled } = kpis
  const tooMany = overdue.count > overdue.ceiling
  const onTime = onTimeFigure(kpis.onTime, language)
  const withoutLimits = isWithoutLimits(kpis)
  const count = (value: number, isKnown = !withoutLimits) => (isKnown ? formatCount(value, language) : missing)
  return (
    <section className="andon-numbers">
      <AndonNumber
        label={t('andon.overdue')}
        glyph={<StatusGlyph state="overdue" quiet={!tooMany} />}
        value={count(overdue.count)}
        alarm={tooMany}
      />
      <AndonNumber
        label={t('andon.stalled')}
        glyph={<StatusGlyph state="stalled" quiet={stalled.count === 0} />}
        value={count(stalled.count, !cannotStall(kpis))}
      />
      <AndonNumber label={t('andon.unclaimed')} glyph={<Icon name="unclaimed" />} value={count(overdue.unclaimed)} />
      <AndonNumber
        label={t('andon.onTime')}
        value={onTime.value}
        {...(onTime.unit && { unit: '%' })}
        {...(onTime.miss && { miss: `▼${onTime.miss.text}` })}
      />
    </section>
  )
}

interface AndonNumberProps {
  readonly label: string
  readonly glyph?: ReactNode
  readonly value: string
  readonly unit?: string
  /** Distance below its target. */
  readonly miss?: string
  readonly alarm?: boolean
}

function AndonNumber({ label, glyph, value, unit, miss, alarm = false }: AndonNumberProps) {
  return (
    <div className={alarm ? 'andon-number andon-number--alarm' : 'andon-number'}>
      <h2 className="andon-number__label">
        {glyph}
        {label}
        {miss && <span className="andon-number__miss">{miss}</span>}
      </h2>
      <p className="andon-number__value">
        <ChangingText text={value} />
        {unit && <span className="andon-number__unit">{unit}</span>}
      </p>
    </div>
  )
}
