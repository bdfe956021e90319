import { expect, test } from 'vitest'
import { OrderLines } from './order-lines.ts'
import { orderRowReader } from './order-row.ts'

/** Reads a file of orders and returns its events, one per line, and the findings about order lines. */
function read(header: string, ...rows: string[]) {
  const rules = { source: 's', process: undefined, importedAt: 0, clock: undefined }
  const reader = orderRowReader(header.split(','), rules)
  const lines = new OrderLines(reader.columns)
  const complete = rows.flatMap((row, i) => {
    const record = { row: i + 1, line: i + 2, cells: row.split(',') }
    const outcome = reader.read(record)
    return outcome.ok ? [...lines.add(record, outcome.value)] : []
  })
  const events = [...complete, ...lines.finish()].map(({ event: { order, data }, others }) => {
    const { product, quantity, amount, customer } = data
    return [order, others.length + 1, quantity, amount, product ?? customer]
  })
  return { events, found: lines.found }
}

test('amounts of lines are summed, to the cent', () => {
  const { events } = read('order,product,quantity,amount', 'A,Mug,1,0.1', 'A,Plate,1,0.2', 'B,Mug,1,5')
  expect(events).toEqual([
    ['A', 2, 2, 0.3, 'Mug'],
    ['B', 1, 1, 5, 'Mug'],
  ])
})

test('a total that each row repeats, or only the first one says, counts once', () => {
  const rows = ['A,Mug,1,30', 'A,Plate,2,30']
  expect(read('order,product,quantity,amount', ...rows).events).toEqual([['A', 2, 3, 30, 'Mug']])
  expect(read('order,product,quantity,Total', 'A,Mug,1,30', 'A,Plate,1,30').events).toEqual([['A', 2, 2, 30, 'Mug']])
  expect(read('order,product,quantity,Total', 'A,Mug,1,30', 'A,Plate,1,').events).toEqual([['A', 2, 2, 30, 'Mug']])
})

test('lines that differ in a column that is not read are lines, too', () => {
  expect(read('order,quantity,sku', 'A,2,x', 'A,2,y').events).toEqual([['A', 2, 4, undefined, undefined]])
})

test('rows that differ in nothing of a line are each a fact', () => {
  const { events, found } = read('order,customer,quantity', 'A,ACME,2', 'A,Aster,2')
  expect(events).toEqual([
    ['A', 1, 2, undefined, 'ACME'],
    ['A', 1, 2, undefined, 'Aster'],
  ])
  expect(found).toMatchObject({ orders: 0, spread: 0 })
})

test('an order that comes again apart from its rows is told', () => {
  const { found } = read('order,product,quantity', 'A,Mug,1', 'B,Mug,1', 'A,Plate,2')
  expect(found).toMatchObject({ orders: 0, spread: 1, spreadLines: [4] })
})

test('orders of several rows are counted, and three of each kind are shown', () => {
  const orders = ['A', 'B', 'C', 'D'].flatMap((order) => [`${order},Mug,1`, `${order},Plate,1`, `${order},Cup,1`])
  const { found } = read('order,product,quantity', ...orders, 'E,Mug,1', ...orders)
  const first = ['A', 'B', 'C'].map((order) => ({ order, rows: 3 }))
  expect(found).toEqual({ orders: 8, rows: 24, first, spread: 4, spreadLines: [15, 18, 21] })
})

test('a fact is that of the first row that has it', () => {
  const { events } = read('order,product,customer', 'A,Mug,', 'A,,ACME', 'A,Plate,Aster')
  expect(events).toEqual([['A', 3, undefined, undefined, 'Mug']])
  const { events: named } = read('order,sku,customer', 'A,x,', 'A,y,ACME', 'A,z,Aster')
  expect(named).toEqual([['A', 3, undefined, undefined, 'ACME']])
})

test('rows of an order at different times are no lines of each other', () => {
  const day = (n: number) => `2026-01-0${n}T00:00:00Z`
  const { events } = read(
    'order,product,quantity,order_date',
    `A,Mug,1,${day(1)}`,
    `A,Plate,2,${day(1)}`,
    `A,Cup,4,${day(2)}`,
  )
  expect(events).toEqual([
    ['A', 2, 3, undefined, 'Mug'],
    ['A', 1, 4, undefined, 'Cup'],
  ])
})

test.for([
  ['Grand Total', 30],
  ['order-total', 30],
  ['价税合计', 30],
  ['amount', 60],
  ['totals', 60],
] as const)('the amounts of a column called %s are %s in all', ([name, amount]) => {
  const header = ['order', 'product', 'quantity', name].join(',')
  const columns = new Map([['amount', name]])
  const reader = orderRowReader(header.split(','), {
    source: 's',
    process: undefined,
    importedAt: 0,
    clock: undefined,
    columns,
  })
  const lines = new OrderLines(reader.columns)
  for (const [i, product] of ['Mug', 'Plate'].entries()) {
    const record = { row: i + 1, line: i + 2, cells: ['A', product, '1', '30'] }
    const outcome = reader.read(record)
    if (outcome.ok) lines.add(record, outcome.value)
  }
  expect(lines.finish()).toMatchObject([{ event: { data: { amount } } }])
})

test('equal amounts are a total only where each row has one and the quantities differ', () => {
  const header = 'order,product,quantity,amount'
  expect(read(header, 'A,Mug,1,30', 'A,Plate,1,30').events).toEqual([['A', 2, 2, 60, 'Mug']])
  expect(read(header, 'A,Mug,1,30', 'A,Plate,2,').events).toEqual([['A', 2, 3, 30, 'Mug']])
  expect(read(header, 'A,Mug,1,30', 'A,Plate,2,30', 'A,Cup,2,').events).toEqual([['A', 3, 5, 60, 'Mug']])
  expect(read(header, 'A,Mug,1,', 'A,Plate,2,').events).toEqual([['A', 2, 3, undefined, 'Mug']])
})

test('an order of very many rows is passed on in parts of ten thousand', () => {
  const { events } = read('order,product,quantity', ...Array.from({ length: 10_001 }, (_, i) => `A,p${i},1`))
  expect(events).toEqual([
    ['A', 10_000, 10_000, undefined, 'p0'],
    ['A', 1, 1, undefined, 'p10000'],
  ])
})
