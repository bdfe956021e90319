import { describe, expect, test } from 'vitest'
import { builtInFormat, numberFormat, numberText } from './xlsx-values.ts'

const date = { kind: 'time', hasDate: true, hasClock: false } as const
const clock = { kind: 'time', hasDate: false, hasClock: true } as const
const dateAndClock = { kind: 'time', hasDate: true, hasClock: true } as const
const plain = { kind: 'number' } as const

test('the formats that every workbook has are dates, times of day, or numbers', () => {
  const dates = new Set([14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58])
  const clocks = new Set([18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56])
  for (let id = 0; id <= 60; id++) {
    const format = dates.has(id) ? date : clocks.has(id) ? clock : id === 22 ? dateAndClock : plain
    expect([id, builtInFormat(id)]).toEqual([id, format])
  }
})

test.for([
  ['yyyy-mm-dd', date],
  ['d', date],
  ['mmm', date],
  ['mm', date],
  ['[$-411]ggge"年"m"月"', date],
  ['yyyy/m/d;@', date],
  ['h:mm', clock],
  ['mm:ss', clock],
  ['[h]', clock],
  ['[mm]:ss', clock],
  ['[s]', clock],
  ['[h] "days"', clock],
  ['d.m.yy hh:mm', dateAndClock],
  ['mmm h', dateAndClock],
  ['h:mm AM/PM', clock],
  ['General', plain],
  ['0', plain],
  ['0.00', plain],
  ['#,##0', plain],
  ['0.00E+00', plain],
  ['0.0"h"', plain],
  [String.raw`0.0\d`, plain],
  ['0.0_d', plain],
  ['0.0*d', plain],
  ['[Red]0.0', plain],
  ['0;yyyy', plain],
  ['@', plain],
  ['', plain],
] as const)('the format %s is known by its letters', ([code, format]) => {
  expect(numberFormat(code)).toEqual(format)
})

test('a format is read up to 255 characters', () => {
  expect(numberFormat(`yyyy${'"x"'.repeat(83)}  `)).toEqual(date)
  expect(numberFormat(`yyyy${'"x"'.repeat(84)}`)).toEqual(plain)
})

describe('a number', () => {
  const shown = (raw: string, code: string, since1904 = false) => numberText(raw, numberFormat(code), since1904)

  test.for([
    ['00', '7', '07'],
    ['00', '123', '123'],
    ['0000', '0', '0000'],
    ['0', '7', '7'],
    ['##', '7', '7'],
    ['#00', '7', '07'],
    ['0#0', '7', '07'],
    ['"SO-"0', '7', 'SO-7'],
    ['"SO-"##', '7', 'SO-7'],
    ['"SO-"#0', '1234', 'SO-1234'],
    ['"-"0', '7', '7'],
    [String.raw`\N00-00`, '1234', 'N12-34'],
    ['(000) 000', '123456', '(123) 456'],
    ['(000) 000', '1234567', '(1234) 567'],
    ['000', '7.5', '7.5'],
    ['000', '-7', '-7'],
    ['000;[Red]-000', '7', '007'],
    ['"9"000', '7', '9007'],
    ['00" kg"', '7', '07 kg'],
  ] as const)('of the format %s, %s, is shown as %s', ([code, raw, text]) => {
    expect(shown(raw, code)).toBe(text)
  })

  test('that may have lost digits is kept as it is', () => {
    expect(shown('999999999999999', '0')).toBe('999999999999999')
    expect(shown('1E+15', '0')).toBe('1E+15')
    expect(shown('-1E+15', '0')).toBe('-1E+15')
    expect(shown('1.5E2', '0')).toBe('150')
    expect(shown('0.1', 'General')).toBe('0.1')
  })

  test('that is none is kept as it is', () => {
    expect([shown('', '0'), shown(' ', '0'), shown('x', '0'), shown('1E999', '0'), shown('', 'yyyy')]).toEqual([
      '', ' ', 'x', '1E999', '',
    ]) // prettier-ignore
  })

  test.for([
    ['yyyy-mm-dd', '46329', '2026-11-03'],
    ['yyyy-mm-dd', '46329.5', '2026-11-03 12:00:00'],
    ['yyyy-mm-dd hh:mm', '46329', '2026-11-03 00:00:00'],
    ['hh:mm', '46329.5', '1111908:00:00'],
    ['hh:mm', '0.58680556', '14:05:00'],
    ['hh:mm:ss', '0', '00:00:00'],
    ['[h]:mm', '1.0625', '25:30:00'],
    ['hh:mm:ss', '0.000011574074', '00:00:01'],
    ['hh:mm:ss', '0.00001158', '00:00:01.001'],
    ['yyyy-mm-dd', '0', '1899-12-31'],
    ['yyyy-mm-dd', '59', '1900-02-28'],
    ['yyyy-mm-dd', '60', '1900-02-28'],
    ['yyyy-mm-dd', '2958465', '9999-12-31'],
    ['yyyy-mm-dd', '2958466', '2958466'],
    ['yyyy-mm-dd', '-1', '-1'],
  ] as const)('of the format %s, %s, is the time %s', ([code, raw, text]) => {
    expect(shown(raw, code)).toBe(text)
  })

  test('counts days from 1904 on in workbooks of old Macs', () => {
    expect(shown('0', 'yyyy-mm-dd', true)).toBe('1904-01-01')
    expect(shown('59.25', 'yyyy-mm-dd', true)).toBe('1904-02-29 06:00:00')
  })
})
