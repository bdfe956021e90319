import { expect, it } from 'vitest'
import { StepClock } from './step-clock.ts'

it('calls what became due within a step once, and it sees the end of the step', () => {
  const clock = new StepClock(0)
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
  const clock = new StepClock(0)
  const seen: number[] = []
  clock.at(1, () => void clock.at(clock.now(), () => seen.push(clock.now())))
  clock.stepTo(10)
  expect(seen).toEqual([10])
})

it('passes over what another call of the step has cancelled', () => {
  const clock = new StepClock(0)
  const seen: string[] = []
  const second: { cancel?: () => void } = {}
  clock.at(1, () => second.cancel?.())
  second.cancel = clock.at(2, () => seen.push('second'))
  clock.stepTo(10)
  expect(seen).toEqual([])
})
