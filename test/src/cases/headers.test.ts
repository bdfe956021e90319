import { describe, expect, test } from 'vitest'
import { caseFile, skipWithoutCases } from '../harness/case-folder.ts'
import { importCase, visitsOf } from './import-case.ts'

describe('headers of real files', skipWithoutCases(), () => {
  test('an event log of Disco is recognized by its headers', async () => {
    const imported = await importCase([caseFile('caseid-headers', 'disco.csv')])
    expect(visitsOf(imported, '1')).toEqual([['Create', '2026-11-03T08:00', '2026-11-03T08:00', '2026-11-03T08:20']])
    expect(imported.reports[0]?.columns.ignored.map(({ header }) => header)).toEqual(['Variant', 'Variant index'])
  })

  test('orders of WooCommerce are recognized by their headers', async () => {
    const imported = await importCase([caseFile('caseid-headers', 'woo.csv')])
    expect(visitsOf(imported, '1001')).toEqual([['processing', '2026-11-03T08:00', undefined, undefined]])
    expect(imported.orders.get('1001')?.attributes).toMatchObject({ customer: 'ACME' })
  })

  test('a file with a column per step needs a mapping, and is read by it', async () => {
    const file = caseFile('caseid-headers', 'olist-wide.csv')
    await expect(importCase([file])).rejects.toThrow(/several columns of times \(order_purchase_timestamp, .*wide/s)
    const imported = await importCase([file], { rows: 'wide' })
    expect(visitsOf(imported, 'a1').map(([stage, from, , to]) => [stage, from, to])).toEqual([
      ['order_purchase_timestamp', '2026-11-01T10:00', '2026-11-01T10:20'],
      ['order_approved_at', '2026-11-01T10:20', '2026-11-03T09:00'],
      ['order_delivered_carrier_date', '2026-11-03T09:00', '2026-11-06T16:00'],
      ['order_delivered_customer_date', '2026-11-06T16:00', undefined],
    ])
  })

  test('two columns with the same name need a choice, which then counts', async () => {
    const file = caseFile('dup-header', 'join.csv')
    await expect(importCase([file])).rejects.toThrow('2 columns called timestamp, in places 3 and 5')
    const imported = await importCase([file], { columns: { time: '5', customer: '6' } })
    expect(visitsOf(imported, 'SO-1').map(([stage, from, , to]) => [stage, from, to])).toEqual([
      ['pick', '2026-11-03T08:10', '2026-11-03T09:10'],
      ['pack', '2026-11-03T09:10', '2026-11-03T11:10'],
      ['ship', '2026-11-03T11:10', undefined],
    ])
    expect(imported.orders.get('SO-1')?.attributes).toMatchObject({ customer: 'ACME' })
  })
})

describe('limits of real files', skipWithoutCases(), () => {
  test('a text that is too long costs its row, and no other one', async () => {
    const { reports } = await importCase([caseFile('limits', 'longname.csv')])
    expect(reports[0]).toMatchObject({ rows: 4, accepted: 2, rejected: 2, stages: 2 })
    expect(
      reports[0]?.rejections.map(({ column, code, first }) => [column, code, first.map(({ line }) => line)]),
    ).toEqual([
      ['stage', 'too_large', [2]],
      ['order_id', 'too_large', [5]],
    ])
  })

  test('500 stages are accepted; with one more the import asks for the stage column', async () => {
    const { reports } = await importCase([caseFile('limits', 'stage500.csv')])
    expect(reports[0]).toMatchObject({ accepted: 500, rejected: 0 })
    await expect(importCase([caseFile('limits', 'stage501.csv')])).rejects.toThrow(/more than 500 different values/)
  })
})
