import { describe, expect, test } from 'vitest'
import { dateAtStart, withDateInFront } from './date-text.ts'

/** The day at the start of a text, its shape, and what follows it; for an open date all days that it may be. */
function read(text: string): string | undefined {
  const date = dateAtStart(text)
  if (date === undefined) return undefined
  const shown = (day: number | undefined) => (day === undefined ? 'none' : new Date(day).toISOString().slice(0, 10))
  const days = date.open === undefined ? shown(date.day) : [...date.open.days.values()].map(shown).join(' ')
  const shape = typeof date.shape === 'string' ? date.shape : date.shape.form
  return `${days} ${shape}|${text.slice(date.end)}`
}

describe('a date', () => {
  test.for([
    ['2026-11-03 8:05', '2026-11-03 year first| 8:05'],
    ['2026.1.2', '2026-01-02 year first|'],
    ['2026/11/3T', '2026-11-03 year first|T'],
    ['2026. 11. 3. 오후', '2026-11-03 year first| 오후'],
    ['2026-Nov-03', '2026-11-03 year first|'],
    ['2026 Nov. 3', '2026-11-03 year first|'],
    ['2026-02-30', 'none year first|'],
    ['26年11月3日14', '2026-11-03 year first|14'],
    ['2026년 11월 3일', '2026-11-03 year first|'],
    ['2026 年 11 月 3 号', '2026-11-03 year first|'],
    ['20261103T1405', '2026-11-03 digits only|T1405'],
    ['20261103', '2026-11-03 digits only|'],
    ['2026110314', '2026-11-03 digits only|14'],
    ['20261303', 'none digits only|'],
  ] as const)('with the year first, %s, is %s', ([text, date]) => {
    expect(read(text)).toBe(date)
  })

  test.for([
    ['03.11.2026 8:05', '2026-11-03 2026-03-11 n.n.yyyy| 8:05'],
    ['3/11/26', '2026-11-03 2026-03-11 n/n/yy|'],
    ['03/11/26', '2026-11-03 2026-03-11 2003-11-26 n/n/yy|'],
    ['03-11-26', '2026-11-03 2026-03-11 2003-11-26 n-n-yy|'],
    ['03.11.26', '2026-11-03 2026-03-11 n.n.yy|'],
    ['03. 11. 2026.', '2026-11-03 2026-03-11 n.n.yyyy|'],
    ['20.11.2026', '2026-11-20 n.n.yyyy|'],
    ['11/20/2026', '2026-11-20 n/n/yyyy|'],
    ['11.11.2026', '2026-11-11 n.n.yyyy|'],
    ['31.11.2026', 'none n.n.yyyy|'],
    ['99/11/13', '1999-11-13 n/n/yy|'],
  ] as const)('of numbers, %s, is %s', ([text, date]) => {
    expect(read(text)).toBe(date)
  })

  test.for([
    ['3 Nov 2026 8:05', '2026-11-03 month name| 8:05'],
    ['3-NOV-26', '2026-11-03 month name|'],
    ['3. November 2026', '2026-11-03 month name|'],
    ['3rd of November, 2026', '2026-11-03 month name|'],
    ['3 de noviembre de 2026', '2026-11-03 month name|'],
    ['1er août 2026', '2026-08-01 month name|'],
    ['3/Nov/2026:14', '2026-11-03 month name|:14'],
    ['3 ноября 2026 г., 14', '2026-11-03 month name|, 14'],
    ['November 3, 2026 at', '2026-11-03 month name| at'],
    ['Nov 3rd 2026', '2026-11-03 month name|'],
    ['Nov-03-2026', '2026-11-03 month name|'],
    ['31 Nov 2026', 'none month name|'],
    ['3 lis 2026', 'none month name|'],
    ['lis 3, 2026', 'none month name|'],
  ] as const)('with the name of its month, %s, is %s', ([text, date]) => {
    expect(read(text)).toBe(date)
  })

  test.for([
    '',
    'x',
    '3.11',
    '3.11/2026',
    '2026-11/03',
    '3 Foo 2026',
    'Foo 3, 2026',
    '2026-Foo-03',
    '3.11.202',
    'Nov 2026',
  ])('is not %j', (text) => {
    expect(read(text)).toBeUndefined()
  })

  test('is in doubt if its month is another one in another language', () => {
    expect(dateAtStart('3 lis 2026')).toMatchObject({ doubt: expect.stringMatching(/^names a month by lis, which is/) })
    expect(dateAtStart('lip 3, 2026')).toMatchObject({
      doubt: expect.stringMatching(/^names a month by lip, which is/),
    })
    expect(dateAtStart('2026-lis-03')).toMatchObject({ day: undefined, doubt: expect.stringContaining('lis') })
  })

  test('of numbers tells them', () => {
    expect(dateAtStart('03/11/26')).toMatchObject({ shape: { numbers: [3, 11, 26] } })
  })
})

test.for([
  ['Tue Nov 03 14:05:00 CST 2026', 'Nov 03 2026 14:05:00 CST'],
  ['Tue Nov 3 14:05:00 2026', 'Nov 3 2026 14:05:00'],
  ['Tue Nov 03 14:05:00 +0800 2026', 'Nov 03 2026 14:05:00 +0800'],
  ['Tue, 03 Nov 2026', '03 Nov 2026'],
  ['Tuesday 2026-11-03', '2026-11-03'],
  ['mar. 3 nov. 2026', '3 nov. 2026'],
  ['mar 3 2026', 'mar 3 2026'],
  ['mar 3 14:05:00 2026', 'mar 3 2026 14:05:00'],
  ['terça-feira, 3 de novembro de 2026', '3 de novembro de 2026'],
  ['Foo 03 Nov 2026', 'Foo 03 Nov 2026'],
  ['2026-11-03', '2026-11-03'],
] as const)('%s begins with its date: %s', ([text, front]) => {
  expect(withDateInFront(text)).toBe(front)
})
