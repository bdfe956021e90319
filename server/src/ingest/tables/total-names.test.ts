import { expect, test } from 'vitest'
import { isTotal, namesTotal } from './total-names.ts'

test.for([
  'Total',
  'GRAND TOTAL',
  'Summe:',
  ' * Zwischensumme ',
  'Łącznie',
  'Összesen',
  'Итого :',
  '合计：',
  '小計',
  '합계',
  'Σ Suma',
])(
  // prettier-ignore
  '%s is a total',
  (text) => {
    expect([isTotal(text), namesTotal(text)]).toEqual([true, true])
  },
)

test.for(['Total ACME', 'Summe: ACME', 'ACME Total', 'ACME GmbH Gesamtsumme:', '合计：3 行'])(
  // prettier-ignore
  '%s is the total of something',
  (text) => {
    expect([isTotal(text), namesTotal(text)]).toEqual([false, true])
  },
)

test.for(['', 'T', 'Totals-2026', 'TOTAL1', 'Totally', 'ACME', '12 34', 'subtotalACME', `Total ${'x'.repeat(75)}`])(
  // prettier-ignore
  '%j is no total',
  (text) => {
    expect([isTotal(text), namesTotal(text)]).toEqual([false, false])
  },
)

test('a total has up to eighty characters', () => {
  expect([namesTotal(`Total ${'x'.repeat(74)}`), namesTotal(`Total ${'x'.repeat(75)}`)]).toEqual([true, false])
})
