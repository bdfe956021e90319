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
