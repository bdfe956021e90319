/**
 * The columns in parts of at most `most` that take turns, as equal as can be; each begins with the last stage of the
 * one before, so that the eye finds its place.
 */
export function stageParts(stages: readonly string[], most: number): string[][] {
  if (stages.length <= most) return [[...stages]]
  const partCount = Math.ceil((stages.length - 1) / (most - 1))
  const size = Math.ceil((stages.length + partCount - 1) / partCount)
  return Array.from({ length: partCount }, (_, part) => {
    const from = Math.min(part * (size - 1), stages.length - size)
    return stages.slice(from, from + size)
  })
}
