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
