import type { Language } from '../text/language.ts'

/** What stands where a number is missing; never a zero. */
export const missing = '—'
const minus = '−'

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** `1,742`; a million and more as `1.2M`, or in units of ten thousand in Chinese. */
export function formatCount(count: number, language: Language): string {
  if (count < 1_000_000) return grouped.format(count)
  return language === 'zh' ? `${grouped.format(count / 10_000)} 万` : `${(count / 1_000_000).toFixed(1)}M`
}

/** With its sign, a true minus: `+6`, `−2`, `0`. */
export function formatNet(count: number): string {
  if (count === 0) return '0'
  return `${count > 0 ? '+' : minus}${grouped.format(Math.abs(count))}`
}

/** At most one decimal below ten, none above: `5.2`, `6`, `48`. */
export function formatShort(value: number): string {
  return value < 9.95 ? String(Math.round(value * 10) / 10) : grouped.format(value)
}

export function formatTenths(value: number): string {
  return value.toFixed(1)
}

/** A target in percent, without a needless decimal: `95%`, `99.5%`. */
export function formatPercent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10}%`
}
