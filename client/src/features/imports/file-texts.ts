import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { formatNumber } from '../../format/quantity.ts'
import type { useText } from '../../locales/use-text.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
const step = 1024

/** `812 byte`, `4.2 MB`: with one decimal below ten. */
export function bytesText(bytes: number, language: Language): string {
  let value = bytes
  let unit = 0
  while (value >= step && unit < units.length - 1) {
    value /= step
    unit += 1
  }
  return formatNumber(value, language, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  })
}

const delimiterNames = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space' } as const

/** The name of a common delimiter; any other is shown as it is. */
export function delimiterText(t: ReturnType<typeof useText>['t'], delimiter: string): string {
  const known = Object.entries(delimiterNames).find(([sign]) => sign === delimiter)
  return known === undefined
    ? delimiter
    : `${t(`imports.facts.delimiters.${known[1]}`)}${delimiter.trim() === '' ? '' : ` ${delimiter}`}`
}
