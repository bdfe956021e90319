import type { HeatmapSeriesOption } from 'echarts/charts'
import type { ComposeOption, GridComponentOption, VisualMapComponentOption } from 'echarts'
import type { ChartColours } from '../../components/chart/chart-colours.ts'
import type { CellLook } from './heat-cells.ts'

type HeatOption = ComposeOption<HeatmapSeriesOption | GridComponentOption | VisualMapComponentOption>

const heatClasses = [0, 1, 2, 3, 4, 5] as const
const gap = 2
const radius = 3
/** With more columns, the cells are too narrow for a text. */
const labelledColumns = 32
/** ECharts draws cells larger than their area by this much; later cells cover earlier ones. */
const enlargedPx = 0.5

/** Rows of cells from the top, each as wide as its column; blank cells are not drawn. */
export function heatOption(
  rows: readonly (readonly CellLook[])[],
  columnCount: number,
  textOf: (look: NonNullable<CellLook>) => string,
  colours: ChartColours,
): HeatOption {
  const hidden = { type: 'category', show: false } as const
  const places = (count: number): string[] => Array.from({ length: count }, (_, place) => String(place))
  return {
    animation: false,
    // The drawn cells have to match the interactive ones above them to the pixel.
    grid: { left: enlargedPx / 2, top: enlargedPx / 2, width: '100%', height: '100%', outerBoundsMode: 'none' },
    xAxis: { ...hidden, data: places(columnCount) },
    yAxis: { ...hidden, data: places(rows.length), inverse: true },
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
        itemStyle: { borderColor: colours('surface'), borderWidth: gap, borderRadius: radius + gap / 2 },
        label: { show: columnCount <= labelledColumns, fontFamily: colours('face'), fontSize: 13, fontWeight: 500 },
        data: rows.flatMap((looks, y) =>
          looks.flatMap((look, x) =>
            look === undefined
              ? []
              : {
                  value: [x, y, look.heat],
                  label: { color: colours(`heat-text-${look.heat}`), formatter: textOf(look) },
                },
          ),
        ),
      },
    ],
  }
}
