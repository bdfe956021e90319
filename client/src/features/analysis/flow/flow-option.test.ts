import { expect, it } from 'vitest'
import { labelOffsets } from './flow-option.ts'

it('names stand in the middle of their bands where there is room', () => {
  expect(labelOffsets([100, 0, 50], 1)).toEqual([50, undefined, 25])
})

it.each([[[1, 1, 1, 1, 200]], [[200, 1, 1, 1, 1]], [[30, 1, 2, 80, 1, 1, 60, 3]], [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]]])(
  'names of thin bands keep clear of each other and of the edge: %j',
  (ends) => {
    let edge = 0
    const heights = labelOffsets(ends, 1).map((offset = NaN, place) => {
      edge += ends[place] ?? 0
      return edge - offset
    })
    const apart = heights.slice(1).map((height, place) => height - (heights[place] ?? 0))
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(14)
    expect(Math.max(...heights)).toBeLessThanOrEqual(208)
  },
)

it('of very many bands only the largest have names', () => {
  const ends = Array.from({ length: 30 }, (_, place) => place)
  const named = labelOffsets(ends, 0.4).flatMap((offset, place) => (offset === undefined ? [] : [place]))
  expect(named).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
})
