import type { FlowAnswer } from '@stagewatch/shared/contract/analysis.ts'
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'
import type { ComposeOption, GridComponentOption } from 'echarts'
import type { ChartColours } from '../../../components/chart/chart-colours.ts'

export type FlowOption = ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption>
type Stage = FlowAnswer['stages'][number]

interface FlowTexts {
  /** Below the axis, one for each column. */
  readonly columns: readonly string[]
  readonly count: (value: number) => string
  readonly nameOf: (stage: Stage) => string
}

/** A bar of what goes on. */
const outlined = { color: 'transparent', borderWidth: 1.2, borderType: 'dashed', opacity: 1 } as const

/** Bands alternate between two greys, so that each is told from its neighbours by lightness and by the line between. */
const bandOpacities = [0.75, 0.35]

function axes(texts: FlowTexts, colours: ChartColours) {
  const font = { fontFamily: colours('face'), fontSize: 12, color: colours('text-2') }
  const xAxis = {
    type: 'category',
    data: texts.columns.map((_, place) => String(place)),
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours('line-strong') } },
    axisLabel: { ...font, hideOverlap: true, formatter: (place: string) => texts.columns[Number(place)] ?? '' },
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

/** What was open at the end of each hour or day: one band for each stage, the last stage of the process at the foot. */
export function bandsOption(stages: readonly Stage[], texts: FlowTexts, colours: ChartColours): FlowOption {
  const { font, xAxis, yAxis } = axes(texts, colours)
  return {
    animation: false,
    grid: { left: 8, right: 120, top: 12, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { ...xAxis, boundaryGap: false },
    yAxis: { ...yAxis, min: 0 },
    series: stages.toReversed().map((stage, place) => ({
      type: 'line' as const,
      stack: 'open',
      silent: true,
      symbol: 'none',
      showSymbol: false,
      lineStyle: { color: colours('surface'), width: 1 },
      areaStyle: { color: colours('data'), opacity: bandOpacities[place % bandOpacities.length] ?? 1 },
      endLabel: {
        ...font,
        show: (stage.open.at(-1) ?? 0) > 0,
        width: 108,
        overflow: 'truncate' as const,
        formatter: `${texts.nameOf(stage)} ${texts.count(stage.open.at(-1) ?? 0)}`,
      },
      labelLayout: { moveOverlap: 'shiftY' as const },
      data: [...stage.open],
    })),
  }
}

/**
 * One stage: what was open above, and below it what came (up) and what left (down), over one axis.
 * @param endsNow the last hour or day is not over.
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
