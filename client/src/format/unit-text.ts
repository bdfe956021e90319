import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { formatNumber } from './quantity.ts'

interface Amount {
  readonly amount?: number | undefined
  readonly currency?: string | undefined
}

/** `¥186,400`; only the number if there is no currency or an unknown one. Undefined if the amount is unknown. */
export function formatAmount({ amount, currency }: Amount, language: Language): string | undefined {
  if (amount === undefined) return undefined
  const isCurrency = currency !== undefined && /^[A-Z]{3}$/.test(currency)
  return formatNumber(amount, language, {
    maximumFractionDigits: Number.isInteger(amount) ? 0 : 2,
    ...(isCurrency && { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: 0 }),
  })
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
const byteStep = 1024

/** `812 byte`, `4.2 MB`: with one decimal below ten. */
export function bytesText(bytes: number, language: Language): string {
  let value = bytes
  let unit = 0
  while (value >= byteStep && unit < byteUnits.length - 1) {
    value /= byteStep
    unit += 1
  }
  return formatNumber(value, language, {
    style: 'unit',
    unit: byteUnits[unit] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  })
}
