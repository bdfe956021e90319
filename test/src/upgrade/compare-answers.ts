/** Depends on the time of the request, such as figures of the last hours, or on the server that answers. */
const ofTheMoment =
  / (?:asOf|ageMs|epoch)$|^\/api\/v1\/board\S* (?:trend|heatmap)$|calendars (?:from|to)$|^\/api\/v1\/stages\/stats.* (?:open\w+Ms|p\d+WithOpenMs)$/

export interface Comparison {
  /** Of the values that both have. */
  readonly comparedCount: number
  readonly differences: readonly string[]
}

/** Compares what a version has answered with what this one answers, which may contain more. */
export function compareAnswers(before: unknown, now: unknown, path: string): Comparison {
  const differences: string[] = []
  let comparedCount = 0
  const compare = (old: unknown, current: unknown, place: string): void => {
    if (typeof old === 'object' && old !== null && typeof current === 'object' && current !== null) {
      if (Array.isArray(old) && Array.isArray(current) && old.length !== current.length)
        differences.push(`${place}: ${old.length} entries before, ${current.length} now`)
      for (const [key, value] of Object.entries(old)) {
        const inner = `${place} ${key}`
        if (key in current && !ofTheMoment.test(inner)) compare(value, (current as Record<string, unknown>)[key], inner)
      }
      return
    }
    comparedCount += 1
    if (old !== current) differences.push(`${place}: ${JSON.stringify(old)} before, ${JSON.stringify(current)} now`)
  }
  compare(before, now, path)
  return { comparedCount, differences }
}
