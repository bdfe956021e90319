import { missing } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'

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

/** Edges between the heat classes in percent if every stage has the same tolerance, or else as multiples of it. */
export function legendEdges(toleranceRatios: readonly number[]): [string, string, string, string, string] {
  const [first = 0] = toleranceRatios
  const shared = first > 0 && toleranceRatios.every((ratio) => ratio === first)
  if (!shared) return ['0', '½', '', '1.5×', '2.5×']
  const percent = (multiple: number) => String(Math.round(first * multiple * 1000) / 10)
  return ['0', percent(0.5), percent(1), percent(1.5), percent(2.5)]
}
