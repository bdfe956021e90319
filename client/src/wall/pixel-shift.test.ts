import { expect, it } from 'vitest'
import { pixelShift } from './pixel-shift.ts'

it('moves one pixel a step, never further than six, and reaches every column and row', () => {
  const places = Array.from({ length: 24 * 24 }, (_, step) => pixelShift(step))
  expect(new Set(places.map(({ x }) => x)).size).toBe(13)
  expect(new Set(places.map(({ y }) => y)).size).toBe(13)
  for (const [index, place] of places.slice(1).entries()) {
    const before = places[index]!
    expect(Math.abs(place.x - before.x)).toBeLessThanOrEqual(1)
    expect(Math.abs(place.y - before.y)).toBeLessThanOrEqual(1)
  }
})
