import { expect, test } from 'vitest'
import { doubtOf, monthNames, monthOf, nameLocales } from './month-names.ts'

test.for([
  ['pl', 'stycznia lut. marca kwi maja czerwiec lipca sie września paź grudnia'],
  ['pt', 'janeiro fev. março abr maio junho jul agosto set. out novembro dez'],
  ['ru', 'января февр. марта апр мая июнь июля авг сентября окт. ноябрь дек.'],
] as const)('months are read in %s', ([, names]) => {
  const found = names.split(' ').map((name) => monthOf(name))
  const all = Array.from({ length: 12 }, (_, i) => i + 1)
  // The short and the long name of November are doubtful in Polish.
  expect(found).toEqual(found.length === 12 ? all : all.filter((month) => month !== 11))
})

/** Languages that use the same letters. */
const otherLocales = `af az be bg br bs ca cs cy da dsb el et eu fi fo fur fy ga gd gl hr hsb hu id is it kk lb lt lv mk
  ms mt nb nl nn rm ro se sk sl sq sr sr-Latn sv sw tr uk uz vi`.split(/\s+/)

test('no name is read that means another month in another language, and each of those says so', () => {
  const meanings = new Map<string, Set<number>>()
  const readable = new Set(nameLocales.flatMap((locale) => [...monthNames(locale).keys()]))
  for (const locale of [...nameLocales, ...otherLocales]) {
    for (const [name, month] of monthNames(locale)) {
      if (readable.has(name)) meanings.set(name, (meanings.get(name) ?? new Set()).add(month))
    }
  }
  const doubtful = [...meanings].filter(([, found]) => found.size > 1).map(([name]) => name)
  expect(doubtful.toSorted()).toEqual(['lip', 'lis', 'listopad', 'listopada'])
  for (const name of doubtful)
    expect([name, monthOf(name), doubtOf(name)]).toEqual([name, undefined, expect.any(String)])
})
