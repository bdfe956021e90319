/** Edges between the heat classes in percent if every stage has the same tolerance, or else as multiples of it. */
export function legendEdges(toleranceRatios: readonly number[]): [string, string, string, string, string] {
  const [first = 0] = toleranceRatios
  const shared = first > 0 && toleranceRatios.every((ratio) => ratio === first)
  if (!shared) return ['0', '½', '', '1.5×', '2.5×']
  const percent = (multiple: number) => String(Math.round(first * multiple * 1000) / 10)
  return ['0', percent(0.5), percent(1), percent(1.5), percent(2.5)]
}
