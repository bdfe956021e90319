import { expect, test } from 'vitest'
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
  expect(other.sequence).toBeGreaterThan(first.sequence)
})

test.for([
  [',ACME,,,,,', 'missing_field', 'order_id'],
  ['SO-1,,,twelve,,,', 'invalid_field', 'quantity'],
  ['SO-1,,,1e3,,,', 'invalid_field', 'quantity'],
  ['SO-1,,,,,,soon', 'invalid_time', 'due_at'],
] as const)('%s is rejected', ([row, code, field]) => {
  expect(read(header, row)).toMatchObject({ code, field })
})
