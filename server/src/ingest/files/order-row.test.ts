import { expect, test } from 'vitest'
import { CellCounts } from './cells/cell-counts.ts'
import { ZonedClock } from './cells/zoned-clock.ts'
import { orderRowReader } from './order-row.ts'

const rules = { source: 'import', process: undefined, clock: undefined, importedAt: 1_700_000_000_000 }

function read(header: string, row: string, importedAt = rules.importedAt) {
  const reader = orderRowReader(header.split(','), { ...rules, importedAt })
  const outcome = reader.read({ row: 1, line: 2, cells: row.split(',') })
  return outcome.ok ? outcome.value : outcome.rejection
}

const header = 'order_id,customer,product,quantity,amount,currency,due_at,customer_class'

test('a row becomes a change of the attributes it names, known from the beginning of time', () => {
  expect(read(header, 'SO-1,ACME,Bolt,12,99.5,eur,2026-01-09T00:00:00Z,A')).toMatchObject({
    type: 'order.changed',
    order: 'SO-1',
    occurredAt: '1970-01-01T00:00:00.000Z',
    data: {
      customer: 'ACME',
      customerClass: 'A',
      product: 'Bolt',
      quantity: 12,
      amount: 99.5,
      currency: 'EUR',
      promisedAt: '2026-01-09T00:00:00.000Z',
    },
  })
})

test('a date column says since when the attributes hold', () => {
  expect(read('order_id,order_date', 'SO-1,2026-01-02T00:00:00Z')).toMatchObject({
    occurredAt: '2026-01-02T00:00:00.000Z',
  })
})

test('the same attributes again are the same event; other attributes are another, which applies after it', () => {
  const first = read(header, 'SO-1,ACME,Bolt,12,,,,')
  const again = read(header, 'SO-1,ACME,Bolt,12,,,,', rules.importedAt + 5000)
  const other = read(header, 'SO-1,ACME,Bolt,13,,,,', rules.importedAt + 5000)
  if ('code' in first || 'code' in again || 'code' in other) throw new Error('a row was rejected')
  expect(again.id).toBe(first.id)
  expect(other.id).not.toBe(first.id)
  expect(other.sequence).toBeGreaterThan(first.sequence ?? Infinity)
})

test('a row without an order is rejected', () => {
  expect(read(header, ',ACME,,,,,')).toMatchObject({ code: 'missing_field', field: 'order_id' })
})

test.for([
  ['SO-1,ACME,,twelve,,,', 'quantity', 'twelve'],
  ['SO-1,ACME,,1e3,,,', 'quantity', '1e3'],
  ['SO-1,ACME,,,-5,,', 'amount', '-5'],
  ['SO-1,ACME,,,10 %,,', 'amount', '10 %'],
  ['SO-1,ACME,,,1e16,,', 'amount', '1e16'],
  ['SO-1,ACME,,,,¥,', 'currency', '¥'],
  ['SO-1,ACME,,,,,soon', 'due_at', 'soon'],
] as const)('of %s only the cell %s is left out', ([row, column, value]) => {
  const counts = new CellCounts()
  const outcome = orderRowReader(header.split(','), { ...rules, counts }).read({
    row: 1,
    line: 2,
    cells: row.split(','),
  })
  expect(outcome).toMatchObject({ ok: true, value: { order: 'SO-1', data: { customer: 'ACME' } } })
  expect(counts.remarks()).toMatchObject([{ column, cause: 'unreadable', count: 1, examples: [{ line: 2, value }] }])
})

test.for([
  ['元', 'CNY'],
  ['rmb', 'CNY'],
  ['€', 'EUR'],
  ['usd', 'USD'],
] as const)('the currency %s is %s', ([text, currency]) => {
  expect(read(header, `SO-1,,,,5,${text},`)).toMatchObject({ data: { currency } })
})

test('the time of an import in microseconds tells its rows apart', () => {
  expect(read(header, 'SO-1,ACME,,,,,')).toMatchObject({ sequence: 1_700_000_000_000_001 })
})

test('a day is the end of what was promised, and the beginning of what is known', () => {
  const reader = orderRowReader(['order_id', 'due_at', 'order_date'], { ...rules, clock: new ZonedClock('UTC') })
  expect(reader.read({ row: 1, line: 2, cells: ['SO-1', '2026-01-09', '2026-01-02'] })).toMatchObject({
    value: { occurredAt: '2026-01-02T00:00:00.000Z', data: { promisedAt: '2026-01-09T23:59:59.999Z' } },
  })
})

test('a row with a problem is rejected for it, and fields are told by their headers', () => {
  const reader = orderRowReader(['Order', 'Due date', 'Order Date'], rules)
  const problem = { code: 'bad_request', field: '', message: 'broken' } as const
  expect(reader.read({ row: 1, line: 2, cells: ['SO-1'], problem })).toEqual({ ok: false, rejection: problem })
  expect(
    ['order', 'data.promisedAt', 'occurredAt', 'data.customer', 'type'].map((field) => reader.columnOf(field)),
  ).toEqual(['Order', 'Due date', 'Order Date', 'data.customer', 'type'])
})
