import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { writtenFile } from '../files/testing/written-file.ts'
import { openTable } from './open-table.ts'
import { recordsOf } from './table-file.ts'

const rowCount = 2_000
const note = 'a long note of an order; '.repeat(800)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

test.for([
  ['without', ''],
  ['with', '"'],
])('an order number that is remembered does not keep its row in memory, %s quotes', async ([, quote]) => {
  const lineOf = (cells: readonly string[]) => cells.map((cell) => `${quote}${cell}${quote}`).join(',')
  const rows = Array.from({ length: rowCount }, (_, i) => lineOf([`ORDER-2026-${100_000 + i}`, `${i} ${note}`]))
  const file = await openTable(writtenFile([lineOf(['order number', 'note']), ...rows, ''].join('\n')))
  rows.length = 0
  const before = heapBytes()
  const orders: string[] = []
  for await (const { cells } of recordsOf(file)) orders.push(cells[0] ?? '')
  const grown = heapBytes() - before
  await file.close()
  expect(orders).toHaveLength(rowCount)
  expect(grown).toBeLessThan((rowCount * note.length) / 10)
})
