import { expect, test } from 'vitest'
import type { SentRow } from './row-batches.ts'
import { RowBatches } from './row-batches.ts'

function sentRow(row: number, text = ''): SentRow {
  const event = { source: 's', id: `${row}`, type: 'note.added', order: 'A', sequence: row } as const
  const data = {
    customer: undefined,
    customerClass: undefined,
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

const settled = () => Promise.resolve()

test('requests hold 5,000 rows, in order, and two are on their way', async () => {
  const sent: number[] = []
  const decided: number[] = []
  let maxInFlight = 0
  const batches = new RowBatches<number>(
    async (rows) => {
      expect(rows[0]?.record.row).toBe(sent.reduce((sum, size) => sum + size, 0))
      sent.push(rows.length)
      maxInFlight = Math.max(maxInFlight, sent.length - decided.length)
      return rows.length
    },
    async (rows, answer) => {
      expect(answer).toBe(rows.length)
      decided.push(rows.length)
    },
  )
  for (let row = 0; row < 16_000; row++) await batches.add(sentRow(row))
  await batches.finish()
  expect(sent).toEqual([5000, 5000, 5000, 1000])
  expect(decided).toEqual(sent)
  expect(maxInFlight).toBe(2)
})

test('answers are settled in the order of the rows, whichever comes first', async () => {
  const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const decided: string[] = []
  let sent = 0
  const batches = new RowBatches<string>(
    () => answers[sent++]?.promise ?? Promise.reject(new Error('too many')),
    async (_rows, answer) => void decided.push(answer),
  )
  for (let row = 0; row < 10_000; row++) await batches.add(sentRow(row))
  const finished = batches.finish()
  answers[1]?.resolve('second')
  answers[0]?.resolve('first')
  await finished
  expect(decided).toEqual(['first', 'second'])
})

test('rows with long texts make smaller requests', async () => {
  const sizes: number[] = []
  const batches = new RowBatches(async (rows) => void sizes.push(rows.length), settled)
  for (let row = 0; row < 100; row++) await batches.add(sentRow(row, 'x'.repeat(64 * 1024)))
  await batches.finish()
  expect(Math.max(...sizes) * 64 * 1024 * 3).toBeLessThan(8 * 1024 * 1024)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100)
})

test('what sending threw reaches whoever adds or finishes', async () => {
  const batches = new RowBatches(() => Promise.reject(new Error('gone')), settled)
  for (let row = 0; row < 5001; row++) await batches.add(sentRow(row))
  await expect(batches.finish()).rejects.toThrow('gone')
  await expect(batches.finish()).rejects.toThrow('gone')
})
