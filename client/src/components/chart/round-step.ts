/** Distance between the three grid lines above zero of a scale, rounded up to a round number. */
export function roundStep(most: number): number {
  const step = Math.max(1, most / 3)
  const magnitude = 10 ** Math.floor(Math.log10(step))
  const nice = [1, 1.5, 2, 2.5, 5, 10].find((each) => each * magnitude >= step) ?? 10
  return Math.ceil(nice * magnitude)
}
