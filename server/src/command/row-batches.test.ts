import { expect, test } from 'vitest'
import type { SentRow } from './row-batches.ts'
import { RowBatches } from './row-batches.ts'

function sentRow(row: number, text = ''): SentRow {
  const event = { source: 's', id: `${row}`, type: 'note.added', order: 'A', sequence: row } as const
  const data = {
    customer: undefined,
    product: undefined,
    department: undefined,
    process: undefined,
    promisedAt: undefined,
  }
  return {
    record: { row, line: row + 1, cells: [text] },
    event: { ...event, stage: undefined, occurredAt: '2026-01-02T00:00:00Z', actor: undefined, data },
  }
}

test('requests hold 5,000 rows, in order, and only one is on its way', async () => {
  const sizes: number[] = []
  let onTheWay = 0
  const batches = new RowBatches(async (rows) => {
    onTheWay += 1
    expect(onTheWay).toBe(1)
    expect(rows[0]?.record.row).toBe(sizes.reduce((sum, size) => sum + size, 0))
    await Promise.resolve()
    sizes.push(rows.length)
    onTheWay -= 1
  })
  for (let row = 0; row < 11_000; row++) await batches.add(sentRow(row))
  await batches.finish()
  expect(sizes).toEqual([5000, 5000, 1000])
})

test('rows with long texts make smaller requests', async () => {
  const sizes: number[] = []
  const batches = new RowBatches(async (rows) => void sizes.push(rows.length))
  for (let row = 0; row < 100; row++) await batches.add(sentRow(row, 'x'.repeat(64 * 1024)))
  await batches.finish()
  expect(Math.max(...sizes) * 64 * 1024 * 3).toBeLessThan(8 * 1024 * 1024)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100)
})

test('what sending threw reaches whoever adds or finishes', async () => {
  const batches = new RowBatches(() => Promise.reject(new Error('gone')))
  for (let row = 0; row < 5001; row++) await batches.add(sentRow(row))
  await expect(batches.finish()).rejects.toThrow('gone')
})
