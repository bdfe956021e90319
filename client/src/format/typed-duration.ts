const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Units that people type after a number, in lower case, in every language of the product. */
const unitMs: Readonly<Record<string, number>> = {
  ...unitsOf(dayMs, 'd', 'day', 'days', '天', '日'),
  ...unitsOf(hourMs, 'h', 'hr', 'hrs', 'hour', 'hours', '时', '小时', '工时', '个小时'),
  ...unitsOf(minuteMs, 'm', 'min', 'mins', 'minute', 'minutes', '分', '分钟'),
  ...unitsOf(secondMs, 's', 'sec', 'second', 'seconds', '秒'),
}

/** Ten years: a longer duration means that the user picked the wrong unit. */
const maxMs = 3_660 * dayMs

/** `empty`: nothing was typed. `noUnit`: a number that could be minutes or hours. `unclear`: not a duration. */
export type TypedDuration =
  | { readonly ms: number }
  | { readonly problem: 'empty' | 'noUnit' | 'unclear' | 'zero' | 'tooLong' }

/**
 * Parses a duration as people type it: `6h`, `30 min`, `2d 4h`, `1.5 h`, `2 天 4 小时`. A day has 24 hours. Fractions of a
 * second are rounded.
 */
export function parseDuration(text: string): TypedDuration {
  const words = text.normalize('NFKC').trim().toLowerCase()
  if (words === '') return { problem: 'empty' }
  if (/^\d+(?:[.,]\d+)?$/.test(words)) return { problem: 'noUnit' }
  if (!/^(?:\d+(?:[.,]\d+)?\s*\p{L}+\s*)+$/u.test(words)) return { problem: 'unclear' }
  const parts = [...words.matchAll(/(\d+(?:[.,]\d+)?)\s*(\p{L}+)/gu)].map(([, number = '', unit = '']) => {
    const each = Object.hasOwn(unitMs, unit) ? unitMs[unit] : undefined
    return each === undefined ? undefined : Number(number.replace(',', '.')) * each
  })
  const sum = parts.reduce((total, part) => (total === undefined || part === undefined ? undefined : total + part), 0)
  if (sum === undefined) return { problem: 'unclear' }
  if (sum > maxMs) return { problem: 'tooLong' }
  const ms = Math.round(sum / secondMs) * secondMs
  return ms === 0 ? { problem: 'zero' } : { ms }
}

export interface TypedPart {
  readonly value: number
  readonly unit: 'd' | 'h' | 'm' | 's'
}

/**
 * Formats a duration exactly, in as few parts as possible, so that it can be typed back as shown: `1h 30m` for 90
 * minutes. Uses days only for natural time, because a day of working time has fewer than 24 hours.
 */
export function durationToType(durationMs: number, { inDays }: { readonly inDays: boolean }): TypedPart[] {
  const units = [
    ...(inDays ? [['d', dayMs] as const] : []),
    ['h', hourMs] as const,
    ['m', minuteMs] as const,
    ['s', secondMs] as const,
  ]
  let left = durationMs
  const parts: TypedPart[] = []
  for (const [unit, each] of units) {
    const value = unit === 's' ? left / each : Math.floor(left / each)
    left -= value * each
    if (value > 0) parts.push({ value, unit })
  }
  return parts.length === 0 ? [{ value: 0, unit: 'm' }] : parts
}

function unitsOf(ms: number, ...names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, ms]))
}
