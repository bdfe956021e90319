import { render } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useTick } from './use-shown-time.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('renders the present second from the beginning, however long nobody asked for it', () => {
  const rendered: number[] = []
  function Clock() {
    const tick = useTick()
    rendered.push(tick)
    return tick
  }
  render(<Clock />).unmount()
  vi.advanceTimersByTime(5_000)
  rendered.length = 0
  const from = performance.now()
  render(<Clock />).unmount()
  expect(rendered).toEqual([Math.floor(from / 1_000) * 1_000])
})
