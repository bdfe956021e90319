import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { formatPercent } from '../../format/quantity.ts'
import styles from './heat-map.module.css'
import { useOverviewText } from './use-overview-text.ts'

interface HeatLegendProps {
  readonly answer: HeatmapAnswer
  readonly board: Board | undefined
}

/** Explains the colours, which are warm from the tolerance on. */
export function HeatLegend({ answer, board }: HeatLegendProps) {
  const { t, language } = useOverviewText()
  const { metric, basis } = answer
  const tolerances = new Set(Object.values(board?.stages ?? {}).map(({ toleranceRatio }) => toleranceRatio))
  const [tolerance = 0.1] = tolerances
  const edge = tolerances.size > 1 ? t('overview.ownTolerance') : formatPercent(tolerance, language)
  const isShare = metric === 'breachRatio'
  return (
    <div className={styles['legend']}>
      {metric === 'wip' || metric === 'visits' ? (
        <>
          <Swatches classes={[0, 1, 2]} />
          {t('overview.legendAmount')}
        </>
      ) : (
        <>
          <Swatches classes={[0, 1, 2]} />
          <strong>{isShare ? t('overview.legendTolerance', { value: edge }) : t('overview.legendLimit')}</strong>
          <Swatches classes={[3, 4, 5]} />
        </>
      )}
      {answer.missing.length > 0 && (
        <span>
          <span className={styles['hatch']} aria-hidden />
          {t('overview.cell.missing')}
        </span>
      )}
      <span>{t(answer.closed.length > 0 ? 'overview.legendClosed' : 'overview.legendBlank')}</span>
      <span>{t(basis === 'snapshot' ? 'overview.basisSnapshot' : 'overview.basisFinished')}</span>
    </div>
  )
}

function Swatches({ classes }: { readonly classes: readonly number[] }) {
  return (
    <span className={styles['swatches']} aria-hidden>
      {classes.map((heat) => (
        <span key={heat} style={{ background: `var(--heat-${heat})` }} />
      ))}
    </span>
  )
}
