import type { DwellAnswer } from '@stagewatch/shared/contract/analysis.ts'
import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts'
import type { ComposeOption, GridComponentOption, MarkLineComponentOption } from 'echarts'
import type { ChartColours } from '../../../components/chart/chart-colours.ts'

export type DwellOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | MarkLineComponentOption
>

interface DwellTexts {
  /** Lower bound of each bin. */
  readonly edges: readonly string[]
  readonly count: (value: number) => string
  /** Label of the limit line. Undefined: there is no limit. */
  readonly limit: string | undefined
}

/** Bars from 0: finished visits and, stacked and outlined, the orders that are still in the stage. */
export function dwellOption(
  { bins, targetMs }: Pick<DwellAnswer, 'bins' | 'targetMs'>,
  texts: DwellTexts,
  colours: ChartColours,
): DwellOption {
  const font = { fontFamily: colours('face'), fontSize: 12, color: colours('text-2') }
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 24, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: [
      {
        type: 'category',
        data: bins.map((_, place) => String(place)),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { show: false },
      },
      // A second axis, because bin edges and the limit lie between the positions of the bars.
      {
        type: 'value',
        position: 'bottom',
        min: 0,
        max: bins.length,
        interval: 1,
        splitLine: { show: false },
        axisTick: { show: true, lineStyle: { color: colours('line-strong') } },
        axisLine: { show: true, onZero: false, lineStyle: { color: colours('line-strong') } },
        axisLabel: { ...font, hideOverlap: true, formatter: (place: number) => texts.edges[place] ?? '' },
      },
    ],
    yAxis: {
      type: 'value',
      min: 0,
      minInterval: 1,
      axisLine: { show: false },
      axisTick: { show: false },
      splitNumber: 3,
      axisLabel: { ...font, formatter: texts.count },
      splitLine: { lineStyle: { color: colours('line') } },
    },
    series: [
      {
        type: 'bar',
        stack: 'visits',
        silent: true,
        barCategoryGap: '12%',
        itemStyle: { color: colours('data') },
        data: bins.map(({ finished }) => finished),
      },
      {
        type: 'bar',
        stack: 'visits',
        silent: true,
        itemStyle: { color: 'transparent', borderColor: colours('text-2'), borderWidth: 1.2, borderType: 'dashed' },
        data: bins.map(({ open }) => open),
      },
      ...limitLine(bins, targetMs, texts.limit, colours, font),
    ],
  }
}

function limitLine(
  bins: DwellAnswer['bins'],
  targetMs: number | undefined,
  text: string | undefined,
  colours: ChartColours,
  font: { readonly fontFamily: string; readonly fontSize: number; readonly color: string },
): LineSeriesOption[] {
  if (targetMs === undefined || text === undefined) return []
  return [
    {
      type: 'line',
      xAxisIndex: 1,
      silent: true,
      data: [],
      markLine: {
        silent: true,
        symbol: 'none',
        animation: false,
        lineStyle: { color: colours('text'), width: 1.2, type: 'solid' },
        label: { ...font, color: colours('text'), formatter: text, position: 'end' },
        data: [{ xAxis: placeOf(bins, targetMs) }],
      },
    },
  ]
}

/** Position of a duration on a scale with bins of width 1; beyond the last edge it is the middle of the last bin. */
export function placeOf(bins: DwellAnswer['bins'], ms: number): number {
  const bin = bins.findLastIndex(({ fromMs }) => fromMs <= ms)
  const [from, to] = [bins[bin]?.fromMs ?? 0, bins[bin + 1]?.fromMs]
  return to === undefined ? bin + 0.5 : bin + (ms - from) / (to - from)
}
