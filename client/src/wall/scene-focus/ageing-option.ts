import type { StageFocus } from '@stagewatch/shared/contract/board.ts'
import { stageStates, type StageState } from '@stagewatch/shared/domain/stage-state.ts'
import type { LineSeriesOption } from 'echarts/charts'
import type { ComposeOption, GridComponentOption } from 'echarts'
import type { ChartColours } from '../../components/chart/chart-colours.ts'
import { glyphShapes, type GlyphPart } from '../../components/glyph-shapes.ts'

export type AgeingOption = ComposeOption<LineSeriesOption | GridComponentOption>

type Bins = StageFocus['ageing']['bins']

/** Stacking more marks does not fit; the rest is shown as a number. */
const maxMarks = 6
/** Layout pixels. */
const glyphSize = 30
const glyphGap = 6
const baseline = 2
const aboveBaseline = 10
const limitWidth = 3

export interface AgeingMark {
  readonly bin: number
  /** Position from the bottom of its bin. */
  readonly place: number
  readonly state: StageState
}

export interface AgeingMarks {
  readonly marks: readonly AgeingMark[]
  /** Bins with more orders than marks: the number of hidden orders, and the number of marks below the label. */
  readonly more: readonly { readonly bin: number; readonly place: number; readonly count: number }[]
}

/** The marks of each bin from the bottom, in the order of the states. */
export function ageingMarks(bins: Bins): AgeingMarks {
  const marks: AgeingMark[] = []
  const more: { bin: number; place: number; count: number }[] = []
  for (const [bin, counts] of bins.entries()) {
    const states = stageStates.flatMap((state) => Array.from({ length: counts[state] ?? 0 }, () => state))
    const room = states.length > maxMarks ? maxMarks - 1 : states.length
    marks.push(...states.slice(0, room).map((state, place) => ({ bin, place, state })))
    if (room < states.length) more.push({ bin, place: room, count: states.length - room })
  }
  return { marks, more }
}

interface AgeingLook {
  /** Screen pixels per layout pixel. */
  readonly unit: number
  readonly colours: ChartColours
  readonly colourOf: (state: StageState) => string
  readonly formatCount: (count: number) => string
}

/** Each order is a glyph of its state in the bin of its distance to the limit. The area past the limit is tinted. */
export function ageingOption(
  { bins, limitAt }: Pick<StageFocus['ageing'], 'bins' | 'limitAt'>,
  look: AgeingLook,
): AgeingOption {
  const { unit, colours, colourOf, formatCount } = look
  const { marks, more } = ageingMarks(bins)
  const line = { type: 'line', silent: true, showSymbol: false } as const
  // A line chart with symbols only: the scatter chart would need another module.
  const marksOnly = { type: 'line', silent: true, showAllSymbol: true, lineStyle: { width: 0 } } as const
  const limit = [
    [limitAt, 0],
    [limitAt, 1],
  ]
  return {
    animation: false,
    grid: { left: 0, right: 0, top: 0, bottom: 0, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false, min: 0, max: bins.length },
    yAxis: { type: 'value', show: false, min: 0, max: 1 },
    series: [
      {
        ...line,
        lineStyle: { width: 0 },
        areaStyle: { color: colours('bottleneck-tint'), opacity: 1 },
        data: [
          [limitAt, 1],
          [bins.length, 1],
        ],
      },
      { ...line, lineStyle: { color: colours('text'), width: limitWidth * unit, cap: 'butt' }, data: limit },
      {
        ...line,
        lineStyle: { color: colours('line-strong'), width: 2 * baseline * unit, cap: 'butt' },
        data: [
          [0, 0],
          [bins.length, 0],
        ],
      },
      ...stageStates.flatMap((state) => {
        const own = marks.filter((mark) => mark.state === state)
        return own.length === 0 ? [] : glyphShapes[state].map((part) => glyphSeries(part, state, own, look))
      }),
      {
        ...marksOnly,
        symbolSize: 0,
        label: {
          show: true,
          position: 'inside',
          color: colours('text-2'),
          fontFamily: colours('face'),
          fontSize: 24 * unit,
          lineHeight: 30 * unit,
        },
        data: more.map(({ bin, place, count }) => ({
          value: [bin + 0.5, 0],
          label: { formatter: `+${formatCount(count)}`, offset: [0, -(heightOf(place) + 1) * unit] },
        })),
      },
    ],
  }

  function glyphSeries(
    part: GlyphPart,
    state: StageState,
    own: readonly AgeingMark[],
    { unit: px }: AgeingLook,
  ): LineSeriesOption {
    return {
      ...marksOnly,
      // The path includes the corners of the square, so that each part keeps its position in it.
      symbol: `path://M0 0M24 24${part.path}`,
      symbolSize: glyphSize * px,
      itemStyle: 'fill' in part ? { color: colourOf(state), opacity: 1 } : strokeOf(part, state, px),
      data: own.map(({ bin, place }) => ({ value: [bin + 0.5, 0], symbolOffset: [0, -heightOf(place) * px] })),
    }
  }

  function strokeOf(
    { lineWidth, join, cap, dash, isCut }: Exclude<GlyphPart, { fill: true }>,
    state: StageState,
    px: number,
  ): NonNullable<LineSeriesOption['itemStyle']> {
    const scale = (glyphSize / 24) * px
    return {
      color: 'transparent',
      opacity: 1,
      borderColor: isCut === true ? colours('surface') : colourOf(state),
      borderWidth: lineWidth * scale,
      ...(join !== undefined && { borderJoin: join }),
      ...(cap !== undefined && { borderCap: cap }),
      ...(dash !== undefined && { borderType: dash.map((length) => length * scale) }),
    }
  }
}

/** Height of a mark's centre above the bottom of the plot. */
function heightOf(place: number): number {
  return baseline + aboveBaseline + glyphSize / 2 + place * (glyphSize + glyphGap)
}
