import { cleanup, render } from '@testing-library/react'
import { LineChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Chart } from './chart.tsx'

use([LineChart])

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(300)
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(100)
})
afterEach(() => {
  cleanup()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const line = (data: readonly number[], color = 'red') => ({
  animation: false,
  xAxis: { type: 'value', show: false },
  yAxis: { type: 'value', show: false, min: 0, max: 100 },
  series: [{ type: 'line', showSymbol: false, lineStyle: { color }, data: data.map((value, place) => [place, value]) }],
})

async function draw(isCalm: boolean) {
  const chart = (option: ReturnType<typeof line>) => (
    <Chart option={option} table={undefined} className="" isCalm={isCalm} />
  )
  const { container, rerender } = render(chart(line([10, 20])))
  /** ECharts draws in the next frame. */
  const shown = async (): Promise<string | undefined> => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame)
    return container.querySelector('path[stroke]')?.outerHTML
  }
  const first = await shown()
  expect(first).toContain('red')
  return { first, shown, show: (option: ReturnType<typeof line>) => rerender(chart(option)) }
}

it('draws new data at once', async () => {
  const { first, shown, show } = await draw(false)
  show(line([10, 90]))
  expect(await shown()).not.toBe(first)
})

it('draws new data at most once a second if it is calm, and then the newest', async () => {
  const { first, shown, show } = await draw(true)
  show(line([10, 90]))
  show(line([10, 50]))
  expect(await shown()).toBe(first)
  vi.advanceTimersByTime(999)
  expect(await shown()).toBe(first)
  vi.advanceTimersByTime(1)
  const second = await shown()
  expect(second).not.toBe(first)
  const { first: other, shown: shownOther, show: showOther } = await draw(false)
  showOther(line([10, 50]))
  expect(await shownOther()).not.toBe(other)
  expect(second).toBe(await shownOther())
})

it('draws nothing later when calm data has come back to what is shown', async () => {
  const { first, shown, show } = await draw(true)
  show(line([10, 90]))
  show(line([10, 20]))
  vi.advanceTimersByTime(5_000)
  expect(await shown()).toBe(first)
})

it('draws another look at once, even if it is calm', async () => {
  const { shown, show } = await draw(true)
  show(line([10, 20], 'blue'))
  expect(await shown()).toContain('blue')
})

it('draws nothing more after it has been removed', async () => {
  const { show } = await draw(true)
  show(line([10, 90]))
  cleanup()
  expect(vi.getTimerCount()).toBe(0)
})
