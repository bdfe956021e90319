import { describe, expect, test } from 'vitest'
import { caseFile, skipWithoutCases } from '../harness/case-folder.ts'
import { importCase, visitsOf } from './import-case.ts'

describe('what rows of real files mean', skipWithoutCases(), () => {
  test('a row that equals another one in every cell counts once', async () => {
    const imported = await importCase([caseFile('exact-duplicates', 'd.csv')], { as: 'completed' })
    expect(visitsOf(imported, 'SO-1').map(([stage, from, , to]) => [stage, from, to])).toEqual([
      ['pick', '2026-11-03T08:00', '2026-11-03T08:00'],
      ['pack', '2026-11-03T08:00', '2026-11-03T09:00'],
      ['ship', '2026-11-03T09:00', '2026-11-03T10:00'],
    ])
    expect(imported.reports[0]).toMatchObject({ rows: 4, accepted: 3, duplicate: 1, rejected: 0 })
    expect(imported.reports[0]?.remarks.map(({ text }) => text)).toEqual([
      '1 row equals another one in every cell and counts once (line 4); with --duplicates keep each counts',
    ])
    const kept = await importCase([caseFile('exact-duplicates', 'd.csv')], {
      as: 'completed',
      duplicates: 'keep',
    })
    expect(kept.reports[0]).toMatchObject({ accepted: 4, duplicate: 0 })
  })

  test('a daily file goes on where the one before ended, also when its stages are new', async () => {
    const imported = await importCase(['day1.csv', 'day2.csv'].map((file) => caseFile('incremental-ties', file)))
    expect(visitsOf(imported, 'SO-1').map(([stage]) => stage)).toEqual(['placed', 'packed', 'shipped'])
  })

  test.for([
    [['day1.csv', 'day2.csv'], 'SO-1'],
    [['day2.csv', 'day1.csv'], 'SO-1'],
    [['all.csv'], 'SO-1'],
    [['roll1.csv', 'roll2.csv'], 'SO-9'],
    [['roll2.csv', 'roll1.csv'], 'SO-9'],
  ] as const)('after %j the order that passed three stages in a day stands in the last', async ([files, order]) => {
    const paths = files.map((file) => caseFile('incremental-ties', file))
    const imported = await importCase(paths, {}, { stages: ['placed', 'packed', 'shipped'] })
    expect(visitsOf(imported, order).map(([stage]) => stage)).toEqual(['placed', 'packed', 'shipped'])
  })
})
