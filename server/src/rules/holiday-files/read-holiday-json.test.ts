import { expect, test } from 'vitest'
import type { HolidayFile } from './holiday-file.ts'
import { holidayJsonSteps } from './read-holiday-json.ts'

function readHolidayJson(text: string): HolidayFile {
  return read(text).file
}

function read(text: string): { readonly file: HolidayFile; readonly stepCount: number } {
  const steps = holidayJsonSteps(text)
  for (let stepCount = 1; ; stepCount++) {
    const step = steps.next()
    if (step.done === true) return { file: step.value, stepCount }
  }
}

function fileOf(year: number, ...days: readonly (readonly [string, boolean])[]): string {
  return JSON.stringify({
    $id: `${year}.json`,
    year,
    papers: ['https://www.gov.cn/'],
    days: days.map(([date, isOffDay]) => ({ name: '元旦', date, isOffDay })),
  })
}

function problems(text: string): string[] {
  const file = readHolidayJson(text)
  return file.ok ? [] : file.problems.map(({ field, message }) => `${field}: ${message}`)
}

test('days off and make-up days are read, by date', () => {
  expect(readHolidayJson(`\uFEFF${fileOf(2026, ['2026-01-04', false], ['2026-01-01', true])}`)).toEqual({
    ok: true,
    list: {
      days: [
        { date: '2026-01-01', working: false, name: '元旦' },
        { date: '2026-01-04', working: true, name: '元旦' },
      ],
      years: [2026],
    },
  })
})

test('a December day that stands in the notice of the next year is taken and leaves its own year unknown', () => {
  const file = readHolidayJson(fileOf(2023, ['2022-12-31', true], ['2023-01-01', true]))
  expect(file).toMatchObject({ ok: true, list: { years: [2023] } })
  expect(file.ok && file.list.days.map(({ date }) => date)).toEqual(['2022-12-31', '2023-01-01'])
})

test('a notice that is not out yet does not make its year known', () => {
  expect(problems(fileOf(2027))).toEqual(['days: the notice for 2027 has not been published yet: there are no days'])
})

test.for([
  ['{', ': is missing; send it'],
  ['[]', ': must be an object'],
  ['{"year":2026}', 'days: is missing; send it'],
  [fileOf(2026, ['2026-02-30', true]), 'days.0.date: must be a date YYYY-MM-DD'],
  [fileOf(2026, ['2026-01-01', true], ['2025-11-30', true]), 'days.1.date: 2025-11-30 is not a day of 2026'],
  [
    fileOf(2026, ['2026-01-01', true], ['2026-01-01', false]),
    'days.1.date: 2026-01-01 is both a day off and a working day',
  ],
] as const)('%s is refused: %s', ([text, problem]) => {
  expect(problems(text)).toEqual([problem])
})

test('a long file is read in a number of steps that grows with it', () => {
  const longOf = (count: number) => {
    const keys = Array.from({ length: count }, (_, i) => `"key-${i}":1`)
    return read(`{"year":2026,"days":{${keys.join(',')}}}`)
  }
  expect(longOf(4_000).stepCount).toBeGreaterThan(2 * longOf(1_000).stepCount)
  expect(longOf(4_000).file).toMatchObject({ ok: false, problems: [{ field: 'days' }] })
  expect(longOf(60_000).file.ok).toBe(false)
})
