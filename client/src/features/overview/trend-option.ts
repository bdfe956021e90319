import type { OverviewDay } from '@stagewatch/shared/contract/overview.ts'
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'
import type { ComposeOption, GridComponentOption } from 'echarts'
import { format } from 'echarts/core'
import type { ChartColours } from '../../components/chart/chart-colours.ts'
import { roundStep } from '../../components/chart/round-step.ts'

export type TrendOption = ComposeOption<LineSeriesOption | BarSeriesOption | GridComponentOption>

interface TrendTexts {
  /** Labels at the ends of the line and of the ceiling. */
  readonly overdue: string
  readonly ceiling: string | undefined
  /** Labels of the grid lines of the upper panel. */
  readonly scale: (count: number) => string
  /** Labels below the axis, one per day. */
  readonly days: readonly string[]
  /** Label beside the bar of an unfinished day. */
  readonly today: string
}

interface TrendInput {
  readonly days: readonly OverviewDay[]
  readonly ceiling: number | undefined
  /** Whether the last day is not over. */
  readonly endsToday: boolean
}

/** Minimum space on both sides of the panels, px; longer texts take more. */
const leastLabelRoom = 84
const leastAxisRoom = 34
/** Space around a label, px: the distance that ECharts keeps, plus a small margin to the edge. */
const labelMargin = 10
/** Height of a label as a share of the upper panel's height. */
const labelRatio = 0.18
/** Number of day names that fit side by side on a phone; the last day is always named. */
const namedDays = 4
/** Half the height of a label, px. */
const labelStep = 8

/** Two panels on one axis: overdue orders at the end of each day, and below them the daily change of open orders. */
export function trendOption(
  { days, ceiling, endsToday }: TrendInput,
  texts: TrendTexts,
  colours: ChartColours,
): TrendOption {
  const font = { fontFamily: colours('face'), fontSize: 12, color: colours('text-2') }
  const places = days.map((_, place) => String(place))
  const isOver = (days.at(-1)?.overdue ?? 0) > (ceiling ?? Infinity)
  const lineColour = colours(isOver ? 'overdue' : 'data')
  const step = roundStep(Math.max(ceiling ?? 0, ...days.map(({ overdue }) => overdue)))
  const isAlone = days.length === 1
  const dayStep = Math.ceil(days.length / namedDays)
  // Two labels that would overlap move apart, that of the larger number upwards.
  const apart = ceiling === undefined ? Infinity : (days.at(-1)?.overdue ?? 0) - ceiling
  const aside = Math.abs(apart) / (3 * step) < labelRatio ? labelStep * (apart > 0 ? -1 : 1) : 0
  const xAxis = {
    type: 'category',
    data: places,
    axisTick: { show: false },
    axisLine: { show: false },
    axisLabel: { show: false },
  } as const
  const widthOf = (text: string, size: string): number =>
    Math.ceil(format.getTextRect(text, `${size} ${font.fontFamily}`).width) + labelMargin
  const grid = {
    left: Math.max(leastAxisRoom, ...[step, 2 * step, 3 * step].map((each) => widthOf(texts.scale(each), '12px'))),
    right: Math.max(leastLabelRoom, widthOf(texts.overdue, '600 13px'), widthOf(texts.ceiling ?? '', '12px')),
    outerBoundsMode: 'none',
  } as const
  return {
    animation: false,
    grid: [
      // Keeps the labels at the bottom of this panel clear of those at the top of the lower one.
      { ...grid, top: 12, height: '46%' },
      { ...grid, bottom: 24, height: '22%' },
    ],
    xAxis: [
      { ...xAxis, gridIndex: 0, boundaryGap: true },
      {
        ...xAxis,
        gridIndex: 1,
        axisLine: { show: true, onZero: true, lineStyle: { color: colours('line-strong') } },
        axisLabel: {
          ...font,
          show: true,
          interval: (place: number) => (days.length - 1 - place) % dayStep === 0,
          margin: 8,
          formatter: (place: string) => texts.days[Number(place)] ?? '',
        },
      },
    ],
    yAxis: [
      {
        gridIndex: 0,
        type: 'value',
        min: 0,
        max: 3 * step,
        interval: step,
        axisLabel: { ...font, formatter: texts.scale },
        splitLine: { lineStyle: { color: colours('line') } },
      },
      { gridIndex: 1, type: 'value', show: false, splitLine: { show: false } },
    ],
    series: [
      {
        type: 'line',
        xAxisIndex: 0,
        yAxisIndex: 0,
        silent: true,
        symbol: 'circle',
        symbolSize: 5,
        showSymbol: isAlone,
        lineStyle: { color: lineColour, width: 2.2 },
        itemStyle: { color: lineColour },
        endLabel: {
          ...font,
          show: true,
          formatter: texts.overdue,
          color: lineColour,
          fontWeight: 600,
          fontSize: 13,
          offset: [0, aside],
        },
        data: days.map(({ overdue }) => overdue),
      },
      {
        type: 'line',
        xAxisIndex: 0,
        yAxisIndex: 0,
        silent: true,
        symbol: 'none',
        lineStyle: { color: colours('text-3'), width: 1, type: 'dashed' },
        endLabel: { ...font, show: true, formatter: texts.ceiling ?? '', offset: [0, -aside] },
        data: ceiling === undefined ? [] : days.map(() => ceiling),
      },
      {
        type: 'bar',
        xAxisIndex: 1,
        yAxisIndex: 1,
        silent: true,
        barMaxWidth: 18,
        data: days.map(({ arrived, departed }, place) => {
          const value = arrived - departed
          const isRunning = endsToday && place === days.length - 1
          if (!isRunning) return { value, itemStyle: { color: colours(value < 0 ? 'data-2' : 'data') } }
          return {
            value,
            itemStyle: {
              color: 'transparent',
              borderColor: colours('text-2'),
              borderWidth: 1.2,
              borderType: 'dashed' as const,
            },
            label: {
              ...font,
              show: true,
              // The labels of the upper panel are above the bar, and the names of the days below it.
              position: 'right' as const,
              formatter: texts.today,
            },
          }
        }),
      },
    ],
  }
}
