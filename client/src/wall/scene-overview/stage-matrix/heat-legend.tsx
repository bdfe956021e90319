import { missing } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import { legendEdges } from './legend.ts'

interface HeatLegendProps {
  readonly toleranceRatios: readonly number[]
  /** Some stage has no limit. */
  readonly hasStageWithoutLimit: boolean
}

/** The heat classes with their edges; the edge at the tolerance is labelled. */
export function HeatLegend({ toleranceRatios, hasStageWithoutLimit }: HeatLegendProps) {
  const { t } = useText()
  const [zero, half, whole, oneAndHalf, twoAndHalf] = legendEdges(toleranceRatios)
  return (
    <div className="legend">
      <span className="legend__swatch heat-0" />
      {zero}
      <span className="legend__swatch heat-1" />
      {half}
      <span className="legend__swatch heat-2" />
      <strong className="legend__tolerance">
        {whole} {t('matrix.tolerance')}
      </strong>
      <span className="legend__swatch heat-3" />
      {oneAndHalf}
      <span className="legend__swatch heat-4" />
      {twoAndHalf}
      <span className="legend__swatch heat-5" />
      <span className="legend__missing">
        {hasStageWithoutLimit && (
          <span className="legend__no-limit">
            {missing} {t('matrix.noLimit')}
          </span>
        )}
        <span className="legend__swatch heat-missing" />
        {t('matrix.noData')}
      </span>
    </div>
  )
}
