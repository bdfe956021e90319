import { describe, expect, it } from 'vitest'
import { VirtualClock } from './virtual-clock.ts'

describe('virtual clock', () => {
  it('calls back in the order of time, each at its instant', () => {
    const clock = new VirtualClock(100)
    const calls: [name: string, at: number][] = []
    const note = (name: string) => () => void calls.push([name, clock.now()])
    clock.at(300, note('later'))
    clock.at(200, note('sooner'))
    clock.at(50, note('past'))
    clock.at(400, note('not yet'))
    clock.advanceTo(399)
    expect(calls).toEqual([
      ['past', 100],
      ['sooner', 200],
      ['later', 300],
    ])
    expect(clock.now()).toBe(399)
  })

  it('calls back what is set on the way', () => {
    const clock = new VirtualClock(0)
    const calls: number[] = []
    const again = (): void => {
      calls.push(clock.now())
      clock.at(clock.now() + 10, again)
    }
    clock.at(10, again)
    clock.advanceTo(35)
    expect(calls).toEqual([10, 20, 30])
  })

  it('does not call back what was cancelled, nor go backwards', () => {
    const clock = new VirtualClock(100)
    const calls: number[] = []
    clock.at(110, () => calls.push(1))()
    clock.advanceTo(200)
    clock.advanceTo(150)
    expect([calls, clock.now()]).toEqual([[], 200])
  })
})

it('calls what became due within a step once, and it sees the end of the step', () => {
  const clock = new VirtualClock(0)
  const seen: [string, number][] = []
  clock.at(5, () => seen.push(['early', clock.now()]))
  clock.at(20, () => seen.push(['late', clock.now()]))
  const cancel = clock.at(7, () => seen.push(['cancelled', clock.now()]))
  cancel()
  clock.stepTo(10)
  expect(seen).toEqual([['early', 10]])
  clock.stepTo(30)
  expect(seen).toEqual([
    ['early', 10],
    ['late', 30],
  ])
})

it('calls what a call has set for the present in the same step', () => {
  const clock = new VirtualClock(0)
  const seen: number[] = []
  clock.at(1, () => void clock.at(clock.now(), () => seen.push(clock.now())))
  clock.stepTo(10)
  expect(seen).toEqual([10])
})

it('passes over what another call of the step has cancelled', () => {
  const clock = new VirtualClock(0)
  const seen: string[] = []
  const second: { cancel?: () => void } = {}
  clock.at(1, () => second.cancel?.())
  second.cancel = clock.at(2, () => seen.push('second'))
  clock.stepTo(10)
  expect(seen).toEqual([])
})

it('is set in either direction while no time passes', () => {
  const clock = new VirtualClock(1_000)
  const steps: unknown[] = []
  const calls: [string, number][] = []
  clock.onStep((step) => steps.push(step))
  clock.after(10, () => calls.push(['after', clock.now()]))
  clock.at(2_000, () => calls.push(['at', clock.now()]))
  clock.set(500)
  clock.advanceTo(510)
  clock.set(3_000)
  expect(calls).toEqual([
    ['after', 510],
    ['at', 3_000],
  ])
  expect(steps).toEqual([
    { at: 500, byMs: -500 },
    { at: 3_000, byMs: 2_490 },
  ])
  expect(clock.elapsed()).toBe(10)
})
