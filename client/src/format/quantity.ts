import { roundedShare } from '@stagewatch/shared/domain/rounded-share.ts'
import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'

/** Shown in place of a missing number; never a zero. */
export const missing = '—'

const formatters = new Map<string, Intl.NumberFormat>()

/** Creating a formatter costs a thousand times as much as using it. */
export function formatNumber(value: number, language: Language, options: Intl.NumberFormatOptions): string {
  const key = `${language} ${JSON.stringify(options)}`
  const known = formatters.get(key)
  const formatter = known ?? new Intl.NumberFormat(locales[language].tag, options)
  if (known === undefined) formatters.set(key, formatter)
  return formatter.format(value)
}

/** `1,742`; a million and more as `1.23M`, in Chinese as `123万`. */
export function formatCount(count: number, language: Language): string {
  const options = count < 1_000_000 ? whole : ({ notation: 'compact', maximumSignificantDigits: 3 } as const)
  return formatNumber(count, language, options)
}

const whole = { maximumFractionDigits: 0 } as const

/** Padded with zeros to a minimum number of digits: `05`. */
export function formatDigits(value: number, digits: number, language: Language): string {
  return formatNumber(value, language, { minimumIntegerDigits: digits, ...whole })
}

/** With a sign, using a true minus: `+6`, `−2`, `0`. At most one decimal below ten. */
export function formatNet(value: number, language: Language): string {
  const text = formatNumber(value, language, { signDisplay: 'exceptZero', ...decimalsOf(value) })
  return text.replace('-', '−')
}

/** At most one decimal below ten, none above: `5.2`, `6`, `48`. */
export function formatShort(value: number, language: Language): string {
  return formatNumber(value, language, decimalsOf(value))
}

function decimalsOf(value: number): Intl.NumberFormatOptions {
  return { maximumFractionDigits: Math.abs(value) < 9.95 ? 1 : 0 }
}

export function formatTenths(value: number, language: Language): string {
  return formatNumber(value, language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
}

/** A share in percent without the percent sign, see `roundedShare`: `25`, with `digits` decimals, `<1`, `>99.9`. */
export function formatShare(part: number, total: number, language: Language, digits: 0 | 1 = 0): string {
  if (total === 0) return missing
  const { percent, bound = '' } = roundedShare(part, total, digits)
  const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return `${bound}${formatNumber(percent, language, decimals)}`
}

/** Adds the percent sign to a text of `formatShare`, where the language puts it. */
export function withPercentSign(share: string, language: Language): string {
  return formatNumber(0, language, { style: 'percent' }).replace(/\p{Nd}/u, share)
}

/** A ratio as a percentage without trailing zeros: `95%`, `99.5%`, `<0.1%`. */
export function formatPercent(ratio: number, language: Language): string {
  const { percent, bound = '' } = roundedShare(ratio, 1, 1)
  return withPercentSign(`${bound}${formatNumber(percent, language, { maximumFractionDigits: 1 })}`, language)
}
