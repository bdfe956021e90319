/** More columns than this do not fit at a size that can be read across the hall. */
export const mostColumns = 12

/**
 * The columns in parts that take turns, as equal as can be; each begins with the last stage of the one before, so
 * that the eye finds its place.
 */
export function stageParts(stages: readonly string[]): string[][] {
  if (stages.length <= mostColumns) return [[...stages]]
  const partCount = Math.ceil((stages.length - 1) / (mostColumns - 1))
  const size = Math.ceil((stages.length + partCount - 1) / partCount)
  return Array.from({ length: partCount }, (_, part) => {
    const from = Math.min(part * (size - 1), stages.length - size)
    return stages.slice(from, from + size)
  })
}
