import type { FlowAnswer } from '@stagewatch/shared/contract/analysis.ts'
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'
import type { ComposeOption, GridComponentOption } from 'echarts'
import type { ChartColours } from '../../../components/chart/chart-colours.ts'
import { roundStep } from '../../../components/chart/round-step.ts'

export type FlowOption = ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption>
type Stage = FlowAnswer['stages'][number]

interface FlowTexts {
  /** Labels below the axis, one per column. */
  readonly columns: readonly string[]
  readonly count: (value: number) => string
  readonly nameOf: (stage: Stage) => string
}

/** Style of the bar of an unfinished period. */
const outlined = { color: 'transparent', borderWidth: 1.2, borderType: 'dashed', opacity: 1 } as const

/** Bands alternate between two greys, so that brightness and a line separate neighbours. */
const bandOpacities = [0.75, 0.35]

function axes(texts: FlowTexts, colours: ChartColours) {
  const font = { fontFamily: colours('face'), fontSize: 12, color: colours('text-2') }
  const xAxis = {
    type: 'category',
    data: texts.columns.map((_, place) => String(place)),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours('line-strong') } },
    axisLabel: {
      ...font,
      hideOverlap: true,
      // There is little room to the right of the last column.
      alignMaxLabel: 'right',
      formatter: (place: string) => texts.columns[Number(place)] ?? '',
    },
  } as const
  const yAxis = {
    type: 'value',
    minInterval: 1,
    splitNumber: 3,
    axisLabel: { ...font, formatter: (value: number) => texts.count(Math.abs(value)) },
    splitLine: { lineStyle: { color: colours('line') } },
  } as const
  return { font, xAxis, yAxis }
}

/** Top and height of the plot area of the band chart, px. */
const bandsTop = 12
const bandsHeight = 208
const labelHeight = 14
/** Maximum number of names that fit beside the bands. */
const maxLabels = 14

/** Open orders at the end of each hour or day: one band per stage, the last stage of the process at the bottom. */
export function bandsOption(stages: readonly Stage[], texts: FlowTexts, colours: ChartColours): FlowOption {
  const { font, xAxis, yAxis } = axes(texts, colours)
  const bands = stages.toReversed()
  const highest = Math.max(
    0,
    ...texts.columns.map((_, column) => bands.reduce((sum, { open }) => sum + (open[column] ?? 0), 0)),
  )
  const step = roundStep(highest)
  const ends = bands.map(({ open }) => open.at(-1) ?? 0)
  const offsets = labelOffsets(ends, bandsHeight / (3 * step))
  return {
    animation: false,
    grid: { left: 48, right: 124, top: bandsTop, height: bandsHeight, outerBoundsMode: 'none' },
    xAxis: { ...xAxis, boundaryGap: false },
    yAxis: { ...yAxis, min: 0, max: 3 * step, interval: step },
    series: bands.map((stage, place) => ({
      type: 'line' as const,
      stack: 'open',
      silent: true,
      symbol: 'circle',
      showSymbol: false,
      lineStyle: { color: colours('surface'), width: 1 },
      areaStyle: { color: colours('data'), opacity: bandOpacities[place % bandOpacities.length] ?? 1 },
      endLabel: {
        ...font,
        show: offsets[place] !== undefined,
        width: 108,
        overflow: 'truncate' as const,
        offset: [0, offsets[place] ?? 0],
        formatter: `${texts.nameOf(stage)} ${texts.count(ends[place] ?? 0)}`,
      },
      data: [...stage.open],
    })),
  }
}

/**
 * Distance of each name from the upper edge of its band, px: half the band, or as far away as the other names require.
 * Undefined: the band has no name, because it is empty or there is no room.
 * @param ends heights of the bands at their right end, lowest band first.
 */
export function labelOffsets(ends: readonly number[], pxPerUnit: number): (number | undefined)[] {
  const least = ends.toSorted((a, b) => b - a)[maxLabels] ?? 0
  const edges = ends.map((_, place) => ends.slice(0, place + 1).reduce((sum, end) => sum + end, 0) * pxPerUnit)
  // Heights above the axis: from bottom to top, each name moves up until it is clear of the one below.
  let below = -Infinity
  const heights = ends.map((end, place) => {
    if (end <= least) return undefined
    below = Math.max((edges[place] ?? 0) - (end * pxPerUnit) / 2, below + labelHeight)
    return below
  })
  // Names pushed beyond the top move down again and push the lower ones down.
  let above = bandsHeight + labelHeight
  for (let place = ends.length - 1; place >= 0; place--) {
    const height = heights[place]
    if (height === undefined) continue
    above = Math.min(height, above - labelHeight)
    heights[place] = above
  }
  return heights.map((height, place) => (height === undefined ? undefined : (edges[place] ?? 0) - height))
}

/**
 * One stage: its open orders, and below them arrivals (up) and departures (down) on a shared axis.
 * @param endsNow whether the last hour or day is not over.
 */
export function stageOption(stage: Stage, texts: FlowTexts, colours: ChartColours, endsNow: boolean): FlowOption {
  const { xAxis, yAxis } = axes(texts, colours)
  const last = stage.arrived.length - 1
  const bar = (value: number, place: number) =>
    endsNow && place === last ? { value, itemStyle: { ...outlined, borderColor: colours('text-2') } } : value
  const grid = { left: 48, right: 16, outerBoundsMode: 'none' } as const
  return {
    animation: false,
    grid: [
      { ...grid, top: 12, height: '42%' },
      { ...grid, bottom: 28, height: '36%' },
    ],
    xAxis: [
      { ...xAxis, gridIndex: 0, axisLabel: { show: false } },
      { ...xAxis, gridIndex: 1, axisLine: { ...xAxis.axisLine, onZero: true }, position: 'bottom' },
    ],
    yAxis: [
      { ...yAxis, gridIndex: 0, min: 0 },
      { ...yAxis, gridIndex: 1 },
    ],
    series: [
      {
        type: 'line',
        xAxisIndex: 0,
        yAxisIndex: 0,
        silent: true,
        symbol: 'circle',
        symbolSize: 5,
        showSymbol: stage.open.length === 1,
        lineStyle: { color: colours('data'), width: 2.2 },
        itemStyle: { color: colours('data') },
        data: [...stage.open],
      },
      {
        type: 'bar',
        stack: 'flow',
        xAxisIndex: 1,
        yAxisIndex: 1,
        silent: true,
        barMaxWidth: 18,
        itemStyle: { color: colours('data') },
        data: stage.arrived.map(bar),
      },
      {
        type: 'bar',
        stack: 'flow',
        xAxisIndex: 1,
        yAxisIndex: 1,
        silent: true,
        itemStyle: { color: colours('data-2'), opacity: 0.7 },
        barMaxWidth: 18,
        data: stage.departed.map((departed, place) => bar(-departed, place)),
      },
    ],
  }
}
