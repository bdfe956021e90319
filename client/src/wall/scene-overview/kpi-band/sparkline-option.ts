import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { LineSeriesOption } from 'echarts/charts'
import type { ComposeOption, GridComponentOption } from 'echarts'
import type { ChartTable } from '../../../components/chart/chart.tsx'
import { missing } from '../../../format/quantity.ts'

export type SparklineOption = ComposeOption<LineSeriesOption | GridComponentOption>

export interface SparklineLook {
  /** Screen pixels per layout pixel. */
  readonly unit: number
  readonly today: string
  readonly previousDay: string
  readonly end: string
}

const dayMs = 24 * 3_600_000
/** A quiet day is drawn as a flat line instead of being scaled up. */
const leastSpan = 8

/**
 * Overdue orders today until now, with an end dot, compared with the whole previous day as a dotted line, on one scale
 * without an axis.
 */
export function sparklineOption(trend: Board['trend'], look: SparklineLook): SparklineOption {
  const { unit } = look
  const last = trend.today.length - 1
  const counts = [...trend.today, ...trend.previousDay]
  const margin = 10 * unit
  const lowest = counts.length === 0 ? 0 : Math.min(...counts)
  return {
    animation: false,
    grid: { left: margin, right: margin, top: margin, bottom: margin, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, min: 0, max: Math.max(1, dayMs / trend.stepMs - 1) },
    yAxis: { type: 'value', show: false, min: lowest, max: Math.max(...counts, lowest + leastSpan) },
    series: [
      {
        type: 'line',
        silent: true,
        showSymbol: false,
        lineStyle: { color: look.previousDay, width: 3 * unit, type: [3 * unit, 6 * unit] },
        data: trend.previousDay.map((count, step) => [step, count]),
      },
      {
        type: 'line',
        silent: true,
        symbolSize: 15 * unit,
        itemStyle: { color: look.end },
        lineStyle: { color: look.today, width: 4 * unit, join: 'round' },
        data: trend.today.map((count, step) => ({ value: [step, count], symbol: step === last ? 'circle' : 'none' })),
      },
    ],
  }
}

/** Every step of today since midnight. */
export function sparklineTable(
  { stepMs, today, previousDay }: Board['trend'],
  words: { readonly caption: string; readonly today: string; readonly previousDay: string },
): ChartTable {
  const rows = today.map((count, step) => ({
    label: stepTime(step * stepMs),
    cells: [String(count), String(previousDay[step] ?? missing)],
  }))
  return { caption: words.caption, columns: [words.today, words.previousDay], rows }
}

function stepTime(sinceMidnightMs: number): string {
  const minutes = Math.round(sinceMidnightMs / 60_000)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
