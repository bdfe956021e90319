import { describe, expect, it } from 'vitest'
import { proposeDensity } from './viewing-density.ts'

describe('the density of a wall', () => {
  it('is the standard one on 75 inches at 5 m, where a customer is read under 16.6 minutes of arc', () => {
    const { density, angleArcMin, legible } = proposeDensity(75, 5)
    expect(density).toBe('standard')
    expect(angleArcMin).toBeCloseTo(16.6, 1)
    expect(legible).toBe(true)
  })

  it.each([
    [86, 5.7],
    [65, 4.3],
    [55, 3.7],
    [65, 3],
  ])('is the standard one on %d inches at %d m, the same angle', (diagonalInch, distanceM) => {
    expect(proposeDensity(diagonalInch, distanceM).density).toBe('standard')
  })

  it.each([
    [75, 8],
    [55, 5],
    [65, 5],
  ])('is andon on %d inches at %d m, and legible', (diagonalInch, distanceM) => {
    expect(proposeDensity(diagonalInch, distanceM)).toMatchObject({ density: 'andon', legible: true })
  })

  it('does not help on 43 inches at 8 m, and says so', () => {
    expect(proposeDensity(43, 8)).toMatchObject({ density: 'andon', legible: false })
  })
})
