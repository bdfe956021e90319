import type { HeatmapSeriesOption } from 'echarts/charts'
import type { ComposeOption, GridComponentOption, VisualMapComponentOption } from 'echarts'
import { missing } from '../format/quantity.ts'
import type { HeatLook } from './heat-cell.ts'
import type { ChartColours } from '../components/chart/chart-colours.ts'

export type HeatMapOption = ComposeOption<HeatmapSeriesOption | GridComponentOption | VisualMapComponentOption>

const heatClasses = [0, 1, 2, 3, 4, 5] as const
/** Gap between two cells in layout pixels, equal to the margins in heat.css. */
const gap = 3
const radius = 4
/** ECharts draws cells larger than their slots by this much, and a later cell covers the one before it. */
const enlargedPx = 0.5

interface HeatMapLook {
  /** Screen pixels per layout pixel. */
  readonly unit: number
  readonly colours: ChartColours
}

/** Rows of cells from the top, each as wide as its column. Unknown values have no cell. */
export function heatMapOption(
  rows: readonly (readonly HeatLook[])[],
  rowCount: number,
  look: HeatMapLook,
): HeatMapOption {
  const { unit, colours } = look
  const columnCount = Math.max(1, ...rows.map((row) => row.length))
  const hidden = { type: 'category', show: false } as const
  return {
    animation: false,
    grid: {
      left: enlargedPx / 2,
      top: enlargedPx / 2,
      width: '100%',
      height: '100%',
      // The columns must align to the pixel with those of the strip above.
      outerBoundsMode: 'none',
    },
    xAxis: { ...hidden, data: placesOf(columnCount) },
    yAxis: { ...hidden, data: placesOf(rowCount), inverse: true },
    visualMap: {
      type: 'piecewise',
      show: false,
      dimension: 2,
      pieces: heatClasses.map((heat) => ({ value: heat, color: colours(`heat-${heat}`) })),
    },
    series: [
      {
        type: 'heatmap',
        silent: true,
        emphasis: { disabled: true },
        itemStyle: {
          // The gap is a border in the panel's colour, so the border's inner corners are the cell's corners.
          borderColor: colours('surface'),
          borderWidth: gap * unit,
          borderRadius: (radius + gap / 2) * unit,
        },
        label: { show: true, fontFamily: colours('face'), fontSize: 28 * unit, fontWeight: 500 },
        data: rows.flatMap((row, y) => row.flatMap((cell, x) => asItem(cell, x, y, colours) ?? [])),
      },
    ],
  }
}

export function cellText(look: HeatLook): string | undefined {
  if (look.kind === 'missing') return undefined
  return look.kind === 'noLimit' ? missing : look.text
}

function asItem(cell: HeatLook, x: number, y: number, colours: ChartColours) {
  const text = cellText(cell)
  if (text === undefined) return undefined
  const heat = cell.kind === 'value' ? cell.heat : 0
  return { value: [x, y, heat], label: { color: colours(`heat-text-${heat}`), formatter: text } }
}

function placesOf(count: number): string[] {
  return Array.from({ length: count }, (_, place) => String(place))
}
