import { expect, test } from 'vitest'
import { dateAtStart } from './date-text.ts'
import { DateEvidence, formText, possibleFormats, toldOrder } from './time-evidence.ts'

/** What the dates of a column say about the order of their numbers. */
function decisionOf(...texts: readonly string[]) {
  let evidence: DateEvidence | undefined
  for (const text of texts) {
    const shape = dateAtStart(text)?.shape
    if (typeof shape !== 'object') throw new Error(`${text} is no date of numbers`)
    evidence ??= new DateEvidence(shape.form)
    evidence.add(shape)
  }
  return evidence?.decision()
}

test('a date that exists in one order only decides, and all are counted', () => {
  expect(decisionOf('03.11.2026', '20.11.2026', '11.11.2026')).toEqual({
    form: 'n.n.yyyy',
    rows: 3,
    order: 'dmy',
    doubt: undefined,
    openRows: 1,
  })
  expect(decisionOf('03/11/2026', '11/20/2026')).toMatchObject({ form: 'n/n/yyyy', order: 'mdy', openRows: 1 })
  expect(decisionOf('26/11/03', '99/11/13')).toMatchObject({ form: 'n/n/yy', order: 'ymd', doubt: undefined })
})

test('a date that exists in no order is no evidence', () => {
  expect(decisionOf('31.11.2026')).toMatchObject({ rows: 0, order: undefined, doubt: 'ambiguous', openRows: 0 })
  expect(decisionOf('31.11.2026', '20.11.2026')).toMatchObject({ rows: 1, order: 'dmy' })
})

test('without proof the order is ambiguous, and with different ones contradictory', () => {
  expect(decisionOf('03.11.2026', '04.11.2026')).toMatchObject({ order: undefined, doubt: 'ambiguous', openRows: 2 })
  expect(decisionOf('20.11.2026', '11.20.2026')).toMatchObject({ order: undefined, doubt: 'contradictory' })
})

const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, i) => String(from + i).padStart(2, '0'))

test.for([
  ['seven values beside one', numbers(7).map((n) => `${n}/11/12`), 'ambiguous'],
  ['seven values of days', numbers(7, 12).map((n) => `${n}/11/12`), undefined],
] as const)('%s are days', ([, texts, doubt]) => {
  expect(decisionOf(...texts)).toMatchObject({ doubt })
})

test('a number of two digits with at most two values is a year if the other has more than six', () => {
  const firstAre = (count: number) => [...numbers(count - 1).map((n) => `11/05/${n}`), `12/05/0${count}`]
  expect(decisionOf(...firstAre(7), '11/05/10')).toMatchObject({ order: 'ymd' })
  expect(decisionOf(...firstAre(6))).toMatchObject({ order: undefined, doubt: 'ambiguous' })
  expect(decisionOf(...numbers(7).map((n) => `11/05/${n}`), '12/05/01', '10/05/01')).toMatchObject({ order: undefined })
  // The last ones are years, so that the month is still open.
  expect(decisionOf(...numbers(7).map((n) => `${n}/05/11`), '01/05/12')).toMatchObject({ doubt: 'ambiguous' })
  expect(decisionOf(...numbers(7).map((n) => `${n}/15/11`), '01/15/12')).toMatchObject({ order: 'mdy' })
  // Numbers above 31 are one value: they are no days.
  expect(decisionOf(...['40', '41', '42', '43', '44', '45', '46'].map((n) => `11/05/${n}`))).toMatchObject({
    order: undefined,
  })
})

test('the last number is the year if it has at most two values, and the first one more than six', () => {
  const days = numbers(7, 13).map((n) => `${n}/05/11`)
  expect(decisionOf(...days, '13/05/12')).toMatchObject({ order: 'dmy' })
  expect(decisionOf(...days, '13/05/12', '13/05/10')).toMatchObject({ order: undefined, doubt: 'ambiguous' })
  expect(decisionOf(...days.slice(1), '14/05/12')).toMatchObject({ order: undefined, doubt: 'ambiguous' })
})

test('a year of four digits needs no such evidence', () => {
  expect(decisionOf(...numbers(7).map((n) => `${n}.05.2011`))).toMatchObject({ order: undefined, doubt: 'ambiguous' })
})

test('a format is written as people write it', () => {
  expect(formText('n.n.yyyy', 'dmy')).toBe('dd.MM.yyyy')
  expect(formText('n/n/yy', 'mdy')).toBe('MM/dd/yy')
  expect(formText('n-n-yy', 'ymd')).toBe('yy-MM-dd')
})

test('a year at the end is not first, and neither is one with points', () => {
  expect(possibleFormats('n/n/yyyy')).toBe('dd/MM/yyyy or MM/dd/yyyy')
  expect(possibleFormats('n.n.yy')).toBe('dd.MM.yy or MM.dd.yy')
  expect(possibleFormats('n/n/yy')).toBe('dd/MM/yy or MM/dd/yy or yy/MM/dd')
  expect(toldOrder('n/n/yyyy', 'ymd')).toBeUndefined()
  expect(toldOrder('n/n/yyyy', 'mdy')).toBe('mdy')
  expect(toldOrder('n/n/yy', 'ymd')).toBe('ymd')
  expect(toldOrder('n/n/yy', undefined)).toBeUndefined()
})
