import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import type { ReactNode } from 'react'
import { useText } from '../locales/use-text.ts'
import { StatusGlyph } from '../components/status-glyph.tsx'
import { ChangingText } from './figures.tsx'
import './kpi.css'
import type { KpiFigure } from './kpi-figure.ts'

interface KpiProps extends KpiFigure {
  readonly label: string
  readonly glyph?: { readonly state: StageState; readonly quiet: boolean }
  readonly sub: ReactNode
  /** The number exceeds the tolerance. */
  readonly alarm?: boolean
}

/** Longer sub-lines use the smallest type size to fit their column. */
const longSub = 22

export function Kpi({ label, glyph, value, unit, miss, sub, alarm = false }: KpiProps) {
  const { t } = useText()
  const isLong = typeof sub === 'string' && sub.length > longSub
  return (
    <section className={alarm ? 'kpi kpi--alarm' : 'kpi'}>
      <h2 className="kpi__label">
        {glyph && <StatusGlyph {...glyph} />}
        {label}
        {miss && (
          <span className="kpi__miss" data-size={miss.text.length > 3 ? 'long' : 'plain'}>
            <svg viewBox="0 0 28 24" aria-hidden>
              <path d={miss.direction === 'up' ? 'M14 0 28 24H0z' : 'M14 24 0 0h28z'} />
            </svg>
            {miss.text}
          </span>
        )}
      </h2>
      <p className="kpi__value">
        <ChangingText text={value} />
        {unit && <span className="kpi__unit">{unit === '%' ? '%' : t(`unit.${unit}`)}</span>}
      </p>
      <p className={isLong ? 'kpi__sub kpi__sub--long' : 'kpi__sub'}>{sub}</p>
    </section>
  )
}
