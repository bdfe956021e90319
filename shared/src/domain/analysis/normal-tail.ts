/**
 * Probability that a standard normal value is above `z`, accurate also in the far tail: half of the complementary error
 * function of z/√2, by a Chebyshev fit with a relative error below 1.2e-7.
 *
 * Source: W. H. Press et al., "Numerical Recipes", 2nd edition, section 6.2 (`erfcc`).
 */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + x / 2)
  const series = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0)
  const upper = (t * Math.exp(-x * x + series)) / 2
  return z >= 0 ? upper : 1 - upper
}

const coefficients = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
]

/** The 97.5th percentile of the standard normal distribution. */
const z975 = 1.959963984540054

/**
 * The 97.5th percentile of Student's t, the half-width of a 95 % interval in standard errors: 2.776 with four degrees
 * of freedom, 1.96 with very many. Accurate within 0.3 % from four degrees of freedom on.
 *
 * Source: M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 26.7.5.
 */
export function studentQuantile975(degreesOfFreedom: number): number {
  const v = degreesOfFreedom
  const z = z975
  return (
    z +
    (z ** 3 + z) / (4 * v) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3)
  )
}
