import { BarChart, LineChart } from 'echarts/charts'
import { GridSimpleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { describe, expect, it } from 'vitest'
import { formatCount, formatNet } from '../../format/quantity.ts'
import { trendOption } from './trend-option.ts'

use([BarChart, LineChart, GridSimpleComponent, SVGRenderer])

/** Width of the chart on a phone. */
const width = 320
const height = 196
const colours = (token: string): string => (token === 'face' ? 'sans-serif' : `<${token}>`)

interface Label {
  readonly text: string
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

interface Case {
  readonly nets: readonly number[]
  readonly overdue: number
  readonly ceiling: number | undefined
}

/** The labels at the positions where ECharts places them. */
function labelsOf({ nets, overdue, ceiling }: Case): Label[] {
  const days = nets.map((net, at) => ({
    at,
    overdue,
    stalled: 0,
    atRisk: 0,
    open: overdue,
    arrived: Math.max(0, net),
    departed: Math.max(0, -net),
    promised: 0,
    onTime: 0,
  }))
  const texts = {
    overdue: `Overdue ${formatCount(overdue, 'en')}`,
    ceiling: ceiling === undefined ? undefined : `ceiling ${formatCount(ceiling, 'en')}`,
    scale: (count: number) => formatCount(count, 'en'),
    days: days.map(({ at }) => (at === days.length - 1 ? 'Today' : '11/26')),
    today: formatNet(nets.at(-1) ?? 0, 'en'),
  }
  const chart = init(null, undefined, { renderer: 'svg', ssr: true, width, height })
  chart.setOption(trendOption({ days, ceiling, endsToday: true }, texts, colours))
  const drawn = chart.getZr().storage.getDisplayList(true)
  const labels = drawn.flatMap((element) => {
    if (element.type !== 'tspan') return []
    const box = element.getBoundingRect().clone()
    const transform = element.getComputedTransform()
    if (transform !== null) box.applyTransform(transform)
    const text = 'text' in element.style ? String(element.style['text']) : ''
    return { text, left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height }
  })
  chart.dispose()
  return labels
}

/** Visible defects: overlapping labels, and labels outside the chart. */
function problemsOf(given: Case): string[] {
  const labels = labelsOf(given)
  return labels.flatMap((one, place) => [
    ...(one.left < 0 || one.right > width || one.top < 0 || one.bottom > height ? [`${one.text} is cut`] : []),
    ...labels
      .slice(place + 1)
      .filter(
        (other) =>
          Math.min(one.right, other.right) > Math.max(one.left, other.left) &&
          Math.min(one.bottom, other.bottom) > Math.max(one.top, other.top),
      )
      .map((other) => `${one.text} / ${other.text}`),
  ])
}

describe('the labels of the trend keep clear of each other and of the edge', () => {
  const others = {
    'added orders': [40, 12, 80],
    'finished orders': [-40, -12, -80],
    'did both': [30, -30, 5],
    'changed nothing': [0, 0, 0],
  }
  const levels = [
    { overdue: 0, ceiling: undefined },
    { overdue: 0, ceiling: 0 },
    { overdue: 0, ceiling: 1 },
    { overdue: 9, ceiling: 8 },
    { overdue: 100, ceiling: 75 },
    { overdue: 4_321, ceiling: 123_456 },
  ]
  for (const [name, cycle] of Object.entries(others)) {
    it.each([1, 7, 30])(`on the last of %i days, when the days before ${name}`, (count) => {
      const before = Array.from({ length: count - 1 }, (_, place) => cycle[place % cycle.length] ?? 0)
      const broken = [-1_234, -15, 0, 1].flatMap((today) =>
        levels.flatMap(({ overdue, ceiling }) => {
          const problems = problemsOf({ nets: [...before, today], overdue, ceiling })
          return problems.length === 0 ? [] : { today, overdue, ceiling, problems }
        }),
      )
      expect(broken).toEqual([])
    })
  }
})
