import { HeatmapChart } from 'echarts/charts'
import { VisualMapPiecewiseComponent } from 'echarts/components'
import { use } from 'echarts/core'
import type { CSSProperties } from 'react'
import { Chart } from '../components/chart/chart.tsx'
import { useChartColours } from '../components/chart/chart-colours.ts'
import { useText } from '../locales/use-text.ts'
import type { HeatLook } from './heat-cell.ts'
import { cellText, heatMapOption } from './heat-map-option.ts'
import './heat.css'
import { useWallLayout } from './use-wall-layout.ts'

use([HeatmapChart, VisualMapPiecewiseComponent])

export interface HeatRow {
  readonly label: string
  readonly cells: readonly HeatLook[]
  /** Columns whose source is late; the cell shows the last value received. */
  readonly late?: ReadonlySet<number>
}

interface HeatChartProps {
  readonly caption: string
  readonly columns: readonly string[]
  /** Top row first. */
  readonly rows: readonly HeatRow[]
  /** Number of rows that fit. */
  readonly rowCount: number
  readonly className: string
}

/** Cells coloured by heat class. A cell without data is hatched, which ECharts heat maps do not support. */
export function HeatChart({ caption, columns, rows, rowCount, className }: HeatChartProps) {
  const { t } = useText()
  const { unitPx: unit } = useWallLayout()
  const colours = useChartColours()
  const option = heatMapOption(
    rows.map(({ cells }) => cells),
    rowCount,
    { unit, colours },
  )
  const words = (look: HeatLook) =>
    look.kind === 'noLimit' ? t('matrix.noLimit') : (cellText(look) ?? t('matrix.noData'))
  const table = { caption, columns, rows: rows.map(({ label, cells }) => ({ label, cells: cells.map(words) })) }
  return (
    <div className={`heat-chart ${className}`} style={asGrid(columns.length, rowCount)}>
      <Chart option={option} table={table} className="heat-chart__cells" isCalm />
      {rows.map(({ cells, late }, row) =>
        cells.map((cell, column) => {
          const isMissing = cell.kind === 'missing'
          if (!isMissing && late?.has(column) !== true) return null
          const gridArea = `${row + 1} / ${column + 1}`
          return (
            <span key={gridArea} className={isMissing ? 'heat heat-missing' : 'heat heat--late'} style={{ gridArea }} />
          )
        }),
      )}
    </div>
  )
}

/** React's style type has no custom properties. */
function asGrid(columns: number, rows: number): CSSProperties {
  return { '--columns': Math.max(1, columns), '--rows': rows } as CSSProperties
}
