import { describe, expect, test } from 'vitest'
import type { TableRecord } from '../../tables/table-file.ts'
import type { Columns } from '../find-columns.ts'
import { ColumnSurvey } from './survey-columns.ts'
import { ZonedClock } from './zoned-clock.ts'

const rules = { clock: new ZonedClock('UTC') }

/** Surveys a file of two columns, `first` and the last one called `name`, whose last row may have no line end. */
function surveyOf(name: string, cells: readonly string[], { isCut = true, width = 2, index = 1 } = {}) {
  const columns: Columns<string> = { [name]: { index, header: name.toUpperCase() } }
  const survey = new ColumnSurvey(columns, width, rules)
  for (const [i, cell] of cells.entries()) {
    const record: TableRecord = {
      row: i + 1,
      line: i + 2,
      cells: index === 0 ? [cell, 'x'] : ['x', cell],
      hasLineEnd: !isCut || i < cells.length - 1,
    }
    survey.add(record)
  }
  return survey
}

function cutRow(...said: Parameters<typeof surveyOf>): number | undefined {
  return surveyOf(...said).readings().cutCell?.row
}

const repeated = (count: number, cell: string) => Array.from({ length: count }, () => cell)

describe('a last cell was cut', () => {
  test('that is shorter than ten others of one length', () => {
    const order = (count: number) => [...repeated(count, 'SO-1000'), 'SO-1']
    expect([cutRow('order', order(10)), cutRow('order', order(9))]).toEqual([11, undefined])
    expect(cutRow('order', [...order(10).slice(0, -1), 'SO-1000'])).toBeUndefined()
    expect(cutRow('order', ['SO-1', ...repeated(9, 'SO-1000'), 'SO-1'])).toBeUndefined()
    expect(cutRow('order', ['SO-10000', ...repeated(9, 'SO-1000'), 'SO-1'])).toBeUndefined()
    const times = [...repeated(10, '2026-11-03 08:00'), '2026-11-03 08:0']
    expect([cutRow('time', times), cutRow('startedAt', times), cutRow('promisedAt', times)]).toEqual([11, 11, 11])
    // Empty cells have no length.
    expect(cutRow('order', [...repeated(5, ''), ...order(9)])).toBeUndefined()
  })

  test('that is the only day among times', () => {
    expect(cutRow('time', ['2026-11-03 08:00', '2026-11-03'])).toBe(2)
    expect(cutRow('time', ['2026-11-03', '2026-11-03 08:00', '2026-11-03'])).toBeUndefined()
    expect(cutRow('time', ['2026-11-03', '2026-11-03 08:00'])).toBeUndefined()
    expect(cutRow('time', ['2026-11-03'])).toBeUndefined()
  })

  test('that is a number with fewer decimals than all others', () => {
    const amounts = (count: number) => [...repeated(count, '12.50'), '12.5']
    expect([cutRow('amount', amounts(10)), cutRow('amount', amounts(9))]).toEqual([11, undefined])
    expect(cutRow('amount', [...repeated(10, '12,50'), '12'])).toBe(11)
    expect(cutRow('amount', [...repeated(10, '12.50'), '1.55'])).toBeUndefined()
    expect(cutRow('amount', ['12.5', ...amounts(10)])).toBeUndefined()
    expect(cutRow('quantity', [...repeated(10, '125'), '12'])).toBeUndefined()
  })

  test('that is the beginning of another stage', () => {
    expect(cutRow('stage', ['picking', 'packing', 'pack'])).toBe(3)
    expect(cutRow('stage', ['picking', 'pack', 'packing', 'pack'])).toBeUndefined()
    expect(cutRow('stage', ['picking', 'ship'])).toBeUndefined()
    expect(cutRow('customer', ['ACME Inc.', 'ACME'])).toBeUndefined()
    const many = (count: number) => Array.from({ length: count }, (_, i) => `stage ${i}`)
    expect(cutRow('stage', [...many(1_999), 'packing', 'pack'])).toBe(2_001)
    expect(cutRow('stage', [...many(2_000), 'packing', 'pack'])).toBeUndefined()
  })
})

describe('a last cell was not cut', () => {
  const cut = [...repeated(10, 'SO-1000'), 'SO-1']

  test('where a line end follows, or another column', () => {
    expect(cutRow('order', cut, { isCut: false })).toBeUndefined()
    expect(cutRow('order', cut, { index: 0 })).toBeUndefined()
    expect(cutRow('order', cut, { width: 3 })).toBeUndefined()
  })

  test('where it is empty', () => {
    expect(cutRow('order', [...repeated(10, 'SO-1000'), ''])).toBeUndefined()
    expect(cutRow('time', [...repeated(10, '2026-11-03 08:00'), 'NULL'])).toBeUndefined()
  })

  test('in a row with a problem', () => {
    const survey = surveyOf('order', cut.slice(0, -1), { isCut: false })
    const problem = { code: 'bad_request', field: '', message: '' } as const
    survey.add({ row: 11, line: 12, cells: ['x', 'SO-1'], hasLineEnd: false, problem })
    expect(survey.readings().cutCell).toBeUndefined()
  })
})

test('a file is one of transitions if more than half of the cells that say one are known', () => {
  const has = (...cells: readonly string[]) => surveyOf('lifecycle', cells, { isCut: false }).readings().hasTransitions
  expect(has('start', 'complete', 'x')).toBe(true)
  expect(has('start', 'x')).toBe(false)
  expect(has('start', ' ', '')).toBe(true)
  expect(has('')).toBe(false)
})

test('what was found is told by column, with its header', () => {
  const survey = surveyOf('amount', ['1,234', 'many', '', '1,5'], { isCut: false })
  expect(survey.findings().times.size).toBe(0)
  expect(survey.findings().numbers.get('amount')).toMatchObject({
    column: 'AMOUNT',
    findings: { sign: ',', openRows: 1, unreadableRows: 1, examples: [{ line: 2 }, { line: 3 }] },
  })
  const times = surveyOf('time', ['2026-11-03', 'soon', 'NULL'], { isCut: false }).findings()
  expect(times.times.get('time')).toMatchObject({ column: 'TIME', findings: { dateRows: 1, unreadableRows: 1 } })
})
