import type { HeatCell } from '@stagewatch/shared/contract/board.ts'
import type { BarSeriesOption } from 'echarts/charts'
import type { ComposeOption, GridComponentOption } from 'echarts'
import type { ChartColours } from '../../components/chart/chart-colours.ts'

export type LastHoursOption = ComposeOption<BarSeriesOption | GridComponentOption>

/** Layout pixels. */
const barWidth = 58
const labelHeight = 36

/**
 * Open orders per hour as a bar with the overdue ones at its bottom, oldest hour first. An hour without data has no
 * bar.
 */
export function lastHoursOption(
  cells: readonly HeatCell[],
  formatCount: (count: number) => string,
  { unit, colours }: { readonly unit: number; readonly colours: ChartColours },
): LastHoursOption {
  const most = Math.max(1, ...cells.map((cell) => cell?.wip ?? 0))
  const bars = { type: 'bar', silent: true, barWidth: barWidth * unit, barGap: '-100%' } as const
  return {
    animation: false,
    grid: { left: 0, right: 0, top: labelHeight * unit, bottom: 8 * unit, outerBoundsMode: 'none' },
    xAxis: { type: 'category', show: false, data: cells.map((_, hour) => String(hour)) },
    yAxis: { type: 'value', show: false, min: 0, max: most },
    series: [
      {
        ...bars,
        itemStyle: { color: colours('data-2'), borderRadius: [3 * unit, 3 * unit, 0, 0] },
        label: {
          show: true,
          position: 'top',
          distance: 0,
          color: colours('text'),
          fontFamily: colours('face'),
          fontSize: 28 * unit,
          fontWeight: 600,
          lineHeight: labelHeight * unit,
        },
        data: cells.map((cell) =>
          cell === null ? '-' : { value: cell.wip, label: { formatter: formatCount(cell.wip) } },
        ),
      },
      {
        ...bars,
        itemStyle: { color: colours('text') },
        data: cells.map((cell) => (cell === null ? '-' : cell.overdue)),
      },
    ],
  }
}
