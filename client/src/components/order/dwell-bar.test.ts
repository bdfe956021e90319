import { expect, it } from 'vitest'
import { dwellShares } from './dwell-bar.tsx'

const hourMs = 3_600_000
const order = { enteredAt: 0, dueAt: 10 * hourMs }

it('a bar has its limit at the same place, however long the limit is', () => {
  expect(dwellShares(order, 5 * hourMs)).toEqual({ within: 0.2, beyond: 0, isCut: false })
  expect(dwellShares(order, 10 * hourMs)).toEqual({ within: 0.4, beyond: 0, isCut: false })
  expect(dwellShares(order, 15 * hourMs)).toMatchObject({ within: 0.4, beyond: expect.closeTo(0.2), isCut: false })
})

it('a bar that would be longer than its track is cut', () => {
  expect(dwellShares(order, 500 * hourMs)).toEqual({ within: 0.4, beyond: 0.6, isCut: true })
  expect(dwellShares({ enteredAt: 0, dueAt: 0 }, hourMs)).toEqual({ within: 0.4, beyond: 0.6, isCut: true })
})

it('there is no bar without a limit, or between stages', () => {
  expect(dwellShares({ enteredAt: 0 }, hourMs)).toBeUndefined()
  expect(dwellShares({ dueAt: hourMs }, hourMs)).toBeUndefined()
})
