import { expect, test } from 'vitest'
import { garbledRemark, isGarbled, RemarkCounts } from './table-remarks.ts'

test('occurrences are counted, and their first five lines are kept', () => {
  const remarks = new RemarkCounts()
  for (const line of [3, 5, 8]) remarks.add('stray_quotes', line)
  remarks.add('stray_quotes', 9, 4)
  remarks.add('cut_off', 9)
  for (const line of [10, 11, 12]) remarks.add('stray_quotes', line)
  expect([remarks.count('stray_quotes'), remarks.count('cut_off')]).toEqual([10, 1])
  expect(remarks.remark('stray_quotes', (count, places) => `${count} rows (${places})`, { a: 1 })).toEqual({
    code: 'stray_quotes',
    count: 10,
    lines: [3, 5, 8, 9, 10],
    params: { a: 1 },
    text: '10 rows (lines 3, 5, 8, 9, 10 …)',
  })
  expect(remarks.remark('cut_off', (count, places) => `${count} (${places})`)?.text).toBe('1 (line 9)')
  expect(remarks.remark('no_rows', () => 'x')).toBeUndefined()
  expect(garbledRemark(remarks)).toBeUndefined()
})

test.for([
  ['PrÃ¼fung', true],
  ['Â°C', true],
  ['â€™s', true],
  ['ï»¿order', true],
  ['锟斤拷', true],
  ['Ãœber', true],
  ['A,??,B', true],
  ['???', true],
  ['??|x', true],
  ['"??"', true],
  ['SÃO', false],
  ['Âge', false],
  ['pâté', false],
  ['naïve', false],
  ['锟', false],
  ['what??', false],
  ['?? what', false],
  ['A,?,B', false],
  ['', false],
] as const)('%j is garbled: %s', ([text, garbled]) => {
  expect(isGarbled(text)).toBe(garbled)
})
