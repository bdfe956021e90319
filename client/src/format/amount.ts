import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { formatNumber } from './quantity.ts'

interface Amount {
  readonly amount?: number | undefined
  readonly currency?: string | undefined
}

/** `¥186,400`; without a currency, or with one that nobody knows, the number alone. Undefined: it is not known. */
export function formatAmount({ amount, currency }: Amount, language: Language): string | undefined {
  if (amount === undefined) return undefined
  const isCurrency = currency !== undefined && /^[A-Z]{3}$/.test(currency)
  return formatNumber(amount, language, {
    maximumFractionDigits: Number.isInteger(amount) ? 0 : 2,
    ...(isCurrency && { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: 0 }),
  })
}
