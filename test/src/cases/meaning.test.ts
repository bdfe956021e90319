import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { arrivedAt } from '@stagewatch/shared/domain/fold-state.ts'
import { describe, expect, test } from 'vitest'
import { caseFile, skipWithoutCases } from '../harness/case-folder.ts'
import { logFile } from '../harness/log-folder.ts'
import { skipUnless } from '../harness/skip.ts'
import { importCase, visitsOf } from './import-case.ts'

describe('what rows of real files mean', skipWithoutCases(), () => {
  test('a row with a start and an end is an activity with just that time, also beside others', async () => {
    const imported = await importCase([caseFile('start-times', 's.csv')], {}, { terminal: ['cut'] })
    expect(visitsOf(imported, 'SO-1')).toEqual([
      ['create', '2026-11-03T08:00', '2026-11-03T08:00', '2026-11-03T08:37'],
      ['cut', '2026-11-03T09:00', '2026-11-03T09:00', '2026-11-03T11:00'],
      ['check', '2026-11-03T10:00', '2026-11-03T10:00', '2026-11-03T10:10'],
    ])
    const order = imported.orders.get('SO-1')
    expect((order?.endedAt ?? 0) - (order === undefined ? 0 : arrivedAt(order))).toBe(3 * 3_600_000)
    expect(imported.reports[0]?.meaning).toEqual({ rows: 'events', as: 'activity', isProposed: true })
  })

  test('transitions of an activity are one visit, from when it waits to when it is completed', async () => {
    const imported = await importCase([caseFile('lifecycle', 'bpi.csv')])
    expect(visitsOf(imported, '1')).toEqual([
      ['Check', '2026-11-03T08:00', '2026-11-03T09:00', '2026-11-03T10:00'],
      ['Call', '2026-11-03T12:00', '2026-11-03T12:00', '2026-11-03T12:30'],
      ['Call', '2026-11-03T14:00', '2026-11-03T14:00', '2026-11-03T14:10'],
    ])
    expect(visitsOf(imported, '2')).toEqual([
      ['Check', '2026-11-03T09:00', '2026-11-03T09:00', '2026-11-03T09:30'],
      ['Call', '2026-11-03T09:20', '2026-11-03T09:20', '2026-11-03T10:00'],
    ])
    expect(imported.reports[0]).toMatchObject({ rejected: 0, meaning: { as: 'lifecycle', isProposed: true } })
  })

  test('an order that starts again after half a year is reported', async () => {
    const { reports } = await importCase([caseFile('reused-order', 'reuse.csv')])
    expect(reports[0]?.remarks).toMatchObject([{ code: 'reused_orders', count: 2 }])
    expect(reports[0]?.remarks[0]?.text).toContain('(0001: 366 days, 0002: 997 days)')
  })

  test('rows of one order are its lines, of which quantity and amount are summed', async () => {
    const path = caseFile('line-items', 'shop.csv')
    const { orders, reports, events } = await importCase([path, path], { rows: 'orders' })
    expect(orders.get('#1001')?.attributes).toMatchObject({
      customer: 'ACME',
      product: 'Mug',
      quantity: 23,
      amount: 210,
      currency: 'EUR',
      promisedAt: Date.UTC(2026, 11, 1),
    })
    expect(orders.get('#1002')?.attributes).toMatchObject({ quantity: 5, amount: 45 })
    expect(events).toHaveLength(2)
    expect(reports).toMatchObject([
      { rows: 4, accepted: 4, duplicate: 0, orders: 2 },
      { rows: 4, accepted: 0, duplicate: 4 },
    ])
    expect(reports[0]?.remarks).toMatchObject([{ code: 'order_lines', count: 1 }])
    expect(reports[0]?.remarks[0]?.text).toContain('1 order of several rows (3; #1001: 3)')
  })

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

  test('a daily file continues the previous one, even if its stages are new', async () => {
    const imported = await importCase(['day1.csv', 'day2.csv'].map((file) => caseFile('incremental-ties', file)))
    expect(visitsOf(imported, 'SO-1').map(([stage]) => stage)).toEqual(['placed', 'packed', 'shipped'])
  })

  test.for([
    [['day1.csv', 'day2.csv'], 'SO-1'],
    [['day2.csv', 'day1.csv'], 'SO-1'],
    [['all.csv'], 'SO-1'],
    [['roll1.csv', 'roll2.csv'], 'SO-9'],
    [['roll2.csv', 'roll1.csv'], 'SO-9'],
  ] as const)('after %j the order that passed three stages in a day is in the last one', async ([files, order]) => {
    const paths = files.map((file) => caseFile('incremental-ties', file))
    const imported = await importCase(paths, {}, { stages: ['placed', 'packed', 'shipped'] })
    expect(visitsOf(imported, order).map(([stage]) => stage)).toEqual(['placed', 'packed', 'shipped'])
  })
})

describe('work on the orders of real logs', () => {
  for (const log of ['production', 'purchasing_example']) {
    const file = logFile(log)
    test(`of ${log} took as long as its file says`, skipUnless(existsSync(file), `the log ${log}`), async () => {
      const { orders, reports } = await importCase([file])
      const worked = [...orders.values()].flatMap(({ visits }) =>
        visits.map(({ stage, startedAt = NaN, leftAt = NaN }) => `${stage} ${leftAt - startedAt}`),
      )
      expect(worked.toSorted()).toEqual(workOf(file).toSorted())
      expect(reports[0]).toMatchObject({ rejected: 0, duplicate: 0, meaning: { as: 'activity', isProposed: true } })
    })
  }
})

/** Each row's stage with its start and end, parsed without the product's code. */
function workOf(file: string): string[] {
  const [, ...lines] = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n')
  return lines.map((line) => {
    const [, stage, end = '', start = ''] = line.split(',')
    return `${stage} ${Date.parse(end) - Date.parse(start)}`
  })
}
