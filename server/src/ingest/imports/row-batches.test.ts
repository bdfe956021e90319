import { expect, test } from 'vitest'
import type { EventSender } from './event-sender.ts'
import type { FileEvent } from '../files/file-event.ts'
import type { TableRecord } from '../tables/table-file.ts'
import { RowBatches } from './row-batches.ts'

interface Sent {
  readonly record: TableRecord
  readonly event: FileEvent
}

function sentRow(row: number, { order = 'A', id = String(row), text = '' } = {}): Sent {
  const event = { source: 's', id, type: 'note.added', order, sequence: row } as const
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

const accepted = { index: 0, status: 'accepted' } as const
const refused = { index: 0, status: 'rejected', code: 'conflict', message: 'is there' } as const

/** Accepts everything; `sent` contains the row numbers of each call. */
function sender(limits: Partial<EventSender> = {}) {
  const sent: number[][] = []
  const takes: EventSender = {
    maxEvents: 5_000,
    maxCharacters: 2 * 1024 * 1024,
    async send(events) {
      sent.push(events.map(({ sequence = Number.NaN }) => sequence))
      return events.map(() => accepted)
    },
    ...limits,
  }
  return { takes, sent }
}

const unheard = { take: () => undefined, reject: () => Promise.resolve(), progressed: () => undefined }

async function sendAll(batches: RowBatches, rows: readonly Sent[]): Promise<void> {
  for (const { record, event } of rows) await batches.add(record, event)
  await batches.finish()
}

test('the rows of an order travel together, in the order of the file, as far as a call takes them', async () => {
  const { takes, sent } = sender({ maxEvents: 4 })
  const orders = ['A', 'B', 'A', 'C', 'B', 'A', 'D', 'D', 'D', 'D', 'D', 'D', 'E']
  await sendAll(
    new RowBatches(takes, unheard),
    orders.map((order, row) => sentRow(row, { order })),
  )
  expect(sent).toEqual([
    [0, 2, 5],
    [1, 4, 3],
    [6, 7, 8, 9],
    [10, 11, 12],
  ])
})

test('where an identity stands in several orders, the rows keep the order of the file', async () => {
  const { takes, sent } = sender({ maxEvents: 4 })
  const orders = ['A', 'B', 'C', 'A', 'B']
  await sendAll(
    new RowBatches(takes, unheard),
    orders.map((order, row) => sentRow(row, { order, id: row === 1 || row === 3 ? 'same' : String(row) })),
  )
  expect(sent).toEqual([[0, 1, 2, 3], [4]])
})

test('two calls are on their way, and what they take is counted', async () => {
  let inFlight = 0
  let most = 0
  let taken = 0
  const { takes } = sender({
    maxEvents: 10,
    async send(events) {
      inFlight += 1
      most = Math.max(most, inFlight)
      await Promise.resolve()
      inFlight -= 1
      return events.map(() => accepted)
    },
  })
  const rows = Array.from({ length: 100 }, (_, row) => sentRow(row, { order: `${row % 7}` }))
  await sendAll(new RowBatches(takes, { ...unheard, take: () => void (taken += 1) }), rows)
  expect(most).toBe(2)
  expect(taken).toBe(rows.length)
})

test('what is rejected is settled in the order of the file', async () => {
  const { takes } = sender({
    send: async (events) => events.map(({ sequence = Number.NaN }) => (sequence % 3 ? refused : accepted)),
  })
  const rejected: number[] = []
  const rows = Array.from({ length: 30 }, (_, row) => sentRow(row, { order: `${row % 4}` }))
  const batches = new RowBatches(takes, {
    ...unheard,
    reject: async ({ row }) => void rejected.push(row),
  })
  await sendAll(batches, rows)
  expect(rejected).toEqual(rows.map(({ record }) => record.row).filter((row) => row % 3))
})

test('a rejected row arrives as it was read, whatever its cells contain', async () => {
  const { takes } = sender({ send: async (events) => events.map(() => refused) })
  const rows = [[''], ['', ''], ['a', '', 'b,"c"\n'], ['a\0b', '\0'], ['\0']].map((cells, row) => {
    const { record, event } = sentRow(row)
    return { record: { ...record, cells }, event }
  })
  const rejected: TableRecord[] = []
  await sendAll(new RowBatches(takes, { ...unheard, reject: async (record) => void rejected.push(record) }), rows)
  expect(rejected).toEqual(rows.map(({ record }) => record))
})

test('rows with long texts make smaller calls and windows', async () => {
  const { takes, sent } = sender()
  const text = 'x'.repeat(64 * 1024)
  const batches = new RowBatches(takes, unheard)
  const rows = Array.from({ length: 100 }, (_, row) => sentRow(row, { order: `${row}`, text }))
  await sendAll(batches, rows)
  expect(Math.max(...sent.map((batch) => batch.length)) * text.length).toBeLessThanOrEqual(takes.maxCharacters)
  expect(sent.flat()).toEqual(rows.map((_, row) => row))
})

test('what sending threw reaches whoever adds or finishes, and nothing is sent after it', async () => {
  let taken = 0
  const { takes, sent } = sender({ maxEvents: 1 })
  const failing: EventSender = {
    ...takes,
    send: (events) => (events[0]?.sequence === 2 ? Promise.reject(new Error('gone')) : takes.send(events)),
  }
  const batches = new RowBatches(failing, { ...unheard, take: () => void (taken += 1) })
  const rows = Array.from({ length: 10 }, (_, row) => sentRow(row, { order: `${row}` }))
  for (const { record, event } of rows) await batches.add(record, event)
  await expect(batches.finish()).rejects.toThrow('gone')
  await expect(batches.finish()).rejects.toThrow('gone')
  // The call that was in flight at the same time was accepted, and counts.
  expect(sent).toEqual([[0], [1], [3]])
  expect(taken).toBe(3)
})

test('a call has as many characters as it may have, with 250 of each event besides its cells', async () => {
  const callsOf = async (length: number, order: (row: number) => string) => {
    const { takes, sent } = sender({ maxCharacters: 1_000 })
    const rows = Array.from({ length: 6 }, (_, row) => sentRow(row, { order: order(row), text: 'x'.repeat(length) }))
    await sendAll(new RowBatches(takes, unheard), rows)
    return sent
  }
  const pairs = [
    [0, 1],
    [2, 3],
    [4, 5],
  ]
  const alone = [[0], [1], [2], [3], [4], [5]]
  for (const order of [(row: number) => `${row}`, () => 'A']) {
    expect(await callsOf(250, order)).toEqual(pairs)
    expect(await callsOf(251, order)).toEqual(alone)
    // An event that is larger than that is sent nevertheless.
    expect(await callsOf(2_000, order)).toEqual(alone)
  }
})

test('a window has a hundred thousand rows, the rows of an order in two windows are sent apart', async () => {
  const { takes, sent } = sender({ maxEvents: 200_000, maxCharacters: Infinity })
  const rows = Array.from({ length: 100_001 }, (_, row) => sentRow(row, { order: `${row % 1_000}` }))
  await sendAll(new RowBatches(takes, unheard), rows)
  expect(sent.map((batch) => batch.length)).toEqual([100_000, 1])
  expect(sent[0]?.slice(0, 3)).toEqual([0, 1_000, 2_000])
})
