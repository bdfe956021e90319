import { describe, expect, test } from 'vitest'
import { caseFile, skipWithoutCases } from '../harness/case-folder.ts'
import { readEvents, readOrders } from './read-case.ts'

const shanghai = { zone: 'Asia/Shanghai' }

function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString()
}

describe('cells of real files', skipWithoutCases(), () => {
  test('times in twenty formats are the same instant; the one with an ambiguous day and month is rejected', async () => {
    const { rows, rejected, findings } = await readEvents(caseFile('ampm-cn', 't.csv'), shanghai)
    const others: Record<string, string> = {
      DD5: '2026-11-02T18:05:00.000Z',
      DD14: '2026-11-03T06:05:00.123Z',
      DD15: '2026-11-03T06:05:00.123Z',
      DD17: '2026-11-30T06:05:00.000Z',
      DD20: '2026-11-02T16:00:00.000Z',
    }
    expect(rows.map(({ order, occurredAt }) => [order, iso(occurredAt)])).toEqual(
      [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20].map((n) => [
        `DD${n}`,
        others[`DD${n}`] ?? '2026-11-03T06:05:00.000Z',
      ]),
    )
    expect(rejected).toMatchObject([{ line: 7, field: '时间', code: 'invalid_time' }])
    expect(rejected[0]?.message).toContain('--time-format')
    expect(findings.times.get('time')?.findings.undecided).toMatchObject([
      { form: 'n/n/yyyy', doubt: 'ambiguous', rows: 1 },
    ])
  })

  test('decimal separators are detected from the whole column, and a bad amount does not affect the rest of its row', async () => {
    const { rows, rejected, counts } = await readOrders(caseFile('decimal-comma', 'orders.csv'), shanghai)
    expect(rejected).toEqual([])
    expect(rows.map(({ data }) => [data.quantity, data.amount, data.currency])).toEqual([
      [13.75, 1200.5, 'EUR'],
      [13, 1200.5, 'EUR'],
      [1000, 1200.5, 'EUR'],
      [10, 1200.5, 'EUR'],
      [10, undefined, 'EUR'],
      [10, 1234.5, 'EUR'],
      [10, undefined, 'EUR'],
      [undefined, 10, 'EUR'],
      [10, 10, 'CNY'],
      [10, 10, 'CNY'],
    ])
    expect(new Set(rows.map(({ data }) => data.promisedAt))).toEqual(new Set(['2026-11-20T15:59:59.999Z']))
    expect(counts.remarks()).toMatchObject([
      { column: 'amount', cause: 'unreadable', examples: [{ line: 6, value: '1,234' }] },
      { column: 'amount', cause: 'empty_word', examples: [{ line: 8, value: '-' }] },
      { column: 'quantity', cause: 'unreadable', examples: [{ line: 9, value: '1.5E3' }] },
    ])
  })

  test('with an explicit decimal comma, cells with a point are skipped', async () => {
    const { rows } = await readOrders(caseFile('decimal-comma', 'orders.csv'), { ...shanghai, decimalSign: ',' })
    expect(rows.map(({ data }) => data.amount)).toEqual([
      1200.5,
      1200.5,
      undefined,
      undefined,
      1.234,
      undefined,
      undefined,
      10,
      10,
      10,
    ])
  })

  test('day numbers of Excel are local times', async () => {
    const { rows, findings } = await readEvents(caseFile('excel-serial', 'serial.csv'), shanghai)
    expect(rows.map(({ occurredAt }) => iso(occurredAt))).toEqual([
      '2026-11-03T00:00:00.000Z',
      '2026-11-03T02:00:00.000Z',
      '2026-11-03T16:00:00.000Z',
    ])
    expect(findings.times.get('time')?.findings.shapes).toEqual([{ shape: 'Excel day number (1900 system)', rows: 3 }])
  })

  test.for([
    ['guard.csv', ['000123', '000123', '000124'], 3],
    ['guard2.csv', ['000123', '000123', '000125', '000126'], 4],
  ] as const)('guards against Excel are removed from the orders of %s', async ([file, orders, count]) => {
    const { rows, counts } = await readEvents(caseFile('eq-guard', file), shanghai)
    expect(rows.map(({ order }) => order)).toEqual(orders)
    expect(counts.remarks()).toMatchObject([{ column: 'order_id', cause: 'guard', count }])
  })

  test('NULL is an empty cell', async () => {
    const { rows, rejected, counts } = await readEvents(caseFile('null-literal', 'ssms.csv'), {
      ...shanghai,
      as: 'completed',
    })
    expect(rows).toMatchObject([
      { order: 'SO-1', startedAt: undefined, actor: undefined, customer: 'ACME', promisedAt: undefined },
      {
        order: 'SO-1',
        startedAt: Date.UTC(2026, 10, 3, 0, 40),
        actor: 'ann',
        customer: undefined,
        promisedAt: Date.UTC(2026, 10, 4, 16),
      },
      { order: 'SO-2', actor: 'ann', customer: undefined },
    ])
    expect(rejected).toMatchObject([
      { line: 5, field: 'activity', code: 'missing_field' },
      { line: 6, field: 'order_id', code: 'missing_field' },
    ])
    expect(counts.remarks()).toContainEqual(
      expect.objectContaining({ column: 'due_at', cause: 'empty_word', count: 4 }),
    )
  })

  test('placeholder dates are treated as missing', async () => {
    const { rows, rejected, counts } = await readEvents(caseFile('placeholder-dates', 'nav.csv'), {
      zone: 'UTC',
      as: 'completed',
    })
    expect(
      rows.map(({ order, stage, startedAt, promisedAt }) => [order, stage, iso(startedAt), iso(promisedAt)]),
    ).toEqual([
      ['SO-1', 'pick', undefined, undefined],
      ['SO-1', 'pack', undefined, undefined],
      ['SO-2', 'pick', '2026-11-03T07:50:00.000Z', undefined],
      ['SO-2', 'pack', undefined, undefined],
      ['SO-3', 'pack', undefined, '2026-11-30T23:59:59.999Z'],
      ['SO-4', 'pick', undefined, undefined],
    ])
    expect(rejected.map(({ line, field, code, message }) => [line, field, code, message])).toEqual([
      [4, 'timestamp', 'missing_field', '1753-01-01 stands for no date'],
      [7, 'timestamp', 'missing_field', '0001-01-01 00:00:00 stands for no date'],
      [8, 'timestamp', 'missing_field', '1970-01-01T00:00:00Z stands for no date'],
    ])
    expect(counts.remarks()).toMatchObject([
      { column: 'started_at', cause: 'placeholder', count: 4 },
      { column: 'due_at', cause: 'placeholder', count: 6 },
    ])
  })

  test('orders whose numbers Excel has rounded are refused, with the column', async () => {
    const { rows, rejected } = await readEvents(caseFile('sci-order-number', 'orders.csv'), shanghai)
    expect(rows).toEqual([])
    expect(rejected).toHaveLength(5)
    expect(rejected[0]).toMatchObject({ line: 2, field: '订单号', code: 'invalid_field' })
    expect(rejected[0]?.message).toContain('a spreadsheet has rounded')
  })

  test('invisible characters at the ends go, within a text they are named', async () => {
    const { rows, rejected, counts } = await readEvents(caseFile('zero-width', 'z.csv'))
    expect(rows.map(({ order, stage }) => `${order} ${stage}`)).toEqual([
      'SO-1 Packing',
      'SO-2 Packing',
      'SO-3 Packing',
      'SO-4 Packing',
      'SO-5 packing',
      'SO-6 Packing  line',
      'SO-7 Packing line',
      'SO-8 Packing',
      'SO-10 Packing',
      'SO-11 Packing',
      'SO-14 PACKING',
      'SO\u201015 Packing',
      'SO-16 包装',
      'SO-17 包裝',
    ])
    expect(rejected.map(({ line, message }) => [line, message])).toEqual([
      [10, 'has control or invisible characters: U+00AD at place 6'],
      [13, 'has control or invisible characters: U+0009 at place 8'],
      [14, 'has control or invisible characters: U+000A at place 5'],
    ])
    expect(counts.remarks()).toMatchObject([
      { column: 'order_id', cause: 'invisible', count: 2 },
      { column: 'stage', cause: 'invisible', count: 1, examples: [{ line: 4, value: String.raw`Packing\u200B` }] },
    ])
  })

  test('a rejected row that was mended in the errors file is the same order', async () => {
    const first = await readEvents(caseFile('errors-roundtrip', 'log.csv'), { zone: 'UTC' })
    const mended = await readEvents(caseFile('errors-roundtrip', 'mended.csv'), { zone: 'UTC' })
    const same = {
      order: '-100',
      stage: 'pack',
      customer: '@home',
      product: '-18C peas',
      occurredAt: Date.UTC(2026, 10, 4),
    }
    expect(first.rows[1]).toMatchObject(same)
    expect(mended.rows).toMatchObject([same])
  })

  test('in the repeated hour of a clock change, the order of the rows decides which one is meant', async () => {
    const { rows, findings } = await readEvents(caseFile('dst-fold', 'fold.csv'), { zone: 'Europe/Berlin' })
    expect(rows.map(({ order, stage, occurredAt }) => [order, stage, iso(occurredAt)])).toEqual([
      ['SO-1', 'pick', '2025-10-26T00:40:00.000Z'],
      ['SO-1', 'pack', '2025-10-26T01:10:00.000Z'],
      ['SO-1', 'ship', '2025-10-26T02:30:00.000Z'],
      ['SO-2', 'pick', '2025-10-25T23:50:00.000Z'],
      ['SO-2', 'pack', '2025-10-26T00:30:00.000Z'],
      ['SO-2', 'ship', '2025-10-26T01:05:00.000Z'],
    ])
    expect(findings.times.get('time')?.findings).toMatchObject({ foldRows: 4, gapRows: 0 })
  })

  test.for(['cut-date.csv', 'cut-stage.csv'])('the row at which %s was cut off is rejected', async (file) => {
    const { rows, rejected } = await readEvents(caseFile('truncated', file), { zone: 'UTC' })
    expect(rows.map(({ stage }) => stage)).toEqual(['pick', 'pack'])
    expect(rejected).toMatchObject([{ line: 4, code: 'bad_request' }])
    expect(rejected[0]?.message).toContain('the file ends within this row')
  })
})
