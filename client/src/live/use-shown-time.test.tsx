import { act, cleanup, render, screen } from '@testing-library/react'

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { newConnection } from './connection-state.ts'
import { LiveContext } from './live-context.ts'
import type { Live } from './live-context.ts'
import { createStore } from './store.ts'
import { useShownTime, useTick } from './use-shown-time.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function Seconds() {
  return <p role="timer">{useTick()}</p>
}

const wait = (ms: number) => act(() => void vi.advanceTimersByTime(ms))
const shown = () => screen.getAllByRole('timer').map(({ textContent }) => Number(textContent))

it('every clock of a page ticks once a second, for as long as there is one', () => {
  wait(1_300 - (performance.now() % 1_000))
  const begun = Math.floor(performance.now() / 1_000) * 1_000
  const page = render(
    <>
      <Seconds />
      <Seconds />
    </>,
  )
  expect(vi.getTimerCount()).toBe(1)
  expect(shown()).toEqual([begun, begun])
  wait(500)
  expect(shown()).toEqual([begun, begun])
  // At most a quarter of a second after the second changes.
  wait(250)
  expect(shown()).toEqual([begun + 1_000, begun + 1_000])
  wait(250)
  page.rerender(<Seconds />)
  expect(vi.getTimerCount()).toBe(1)
  wait(1_000)
  expect(shown()).toEqual([begun + 2_000])
  page.unmount()
  expect(vi.getTimerCount()).toBe(0)
  wait(10_000)
  // The time is current as soon as a component uses it again.
  render(<Seconds />)
  expect(shown()).toEqual([begun + 12_000])
})

it('the time that is shown follows the connection and the clock', () => {
  const now = Math.floor(performance.now() / 1_000) * 1_000
  const connection = createStore({ ...newConnection(now), confirmedAt: now, serverOffsetMs: 5_000_000 })
  function Time() {
    return <p role="timer">{useShownTime().shownNow}</p>
  }
  render(
    <LiveContext value={{ connection } as unknown as Live}>
      <Time />
    </LiveContext>,
  )
  expect(shown()).toEqual([now + 5_000_000])
  wait(2_000)
  expect(shown()).toEqual([now + 5_002_000])
  act(() => connection.set({ ...connection.get(), serverOffsetMs: 6_000_000 }))
  expect(shown()).toEqual([now + 6_002_000])
})
