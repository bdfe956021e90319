import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { expect, test } from 'vitest'
import { AppError } from '../../platform/app-error.ts'
import type { FileEvent } from '../files/file-event.ts'
import { writtenFile } from '../files/testing/written-file.ts'
import type { EventResult } from './event-sender.ts'
import { fileOptionsOf } from './file-options.ts'
import { importFile } from './import-file.ts'
import { surveyFile } from './survey-file.ts'

const unwatched = { openProgress: () => ({ update: () => {}, close: () => {} }), stopped: new AbortController().signal }

test('a file is not read on when its rows cannot be sent, and the import says why', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stagewatch-import-'))
  const path = join(folder, 'log.csv')
  const rows = Array.from({ length: 230_000 }, (_, i) => `O-${i},pick,2026-01-02T08:00:00Z\n`)
  writeFileSync(path, `order,stage,timestamp\n${rows.join('')}`)
  const options = { ...fileOptionsOf(path, {}), errorsPath: undefined }
  const surveyed = await surveyFile(options, unwatched)
  const send = () => Promise.reject(new AppError('overloaded', 'too many events are waiting'))
  const result = await importFile(options, { maxEvents: 5_000, maxCharacters: 1e6, send }, unwatched, surveyed, [])
  await surveyed.file.close()
  rmSync(folder, { recursive: true })
  expect(result.breakOff).toMatchObject({ brokenOff: 'too many events are waiting' })
  // While 100,000 rows are being sent, as many are gathered; the rest has not been read.
  expect(result.table.facts.rows).toBeLessThan(rows.length)
})

type Outcome = (event: FileEvent) => 'accepted' | 'duplicate' | 'rejected' | 'restated'

/** The result of a file, what was sent, and what was shown of its progress. */
async function imported(rows: readonly string[], mapping: ImportMapping, outcome: Outcome, stopAt = Infinity) {
  const path = writtenFile(rows.map((row) => `${row}\n`).join(''))
  const stopping = new AbortController()
  const sent: FileEvent[][] = []
  const shown: { rows: number; decided: unknown }[] = []
  let isClosed = false
  const monitor = {
    openProgress: () => ({
      update: (_ratio: number, read: number, decided?: unknown) => {
        shown.push({ rows: read, decided })
        if (shown.length === stopAt) stopping.abort()
      },
      close: () => void (isClosed = true),
    }),
    stopped: stopping.signal,
  }
  const options = { ...fileOptionsOf(path, { timezone: 'UTC', ...mapping }), errorsPath: undefined }
  const surveyed = await surveyFile(options, unwatched)
  const send = async (events: readonly FileEvent[]): Promise<EventResult[]> => {
    sent.push([...events])
    return events.map((event, index) => {
      const status = outcome(event)
      if (status === 'restated') return { index, status: 'duplicate', restated: true }
      return status === 'rejected'
        ? { index, status, code: 'conflict', message: 'is there', field: 'data.customer' }
        : { index, status }
    })
  }
  const result = await importFile(options, { maxEvents: 700, maxCharacters: 1e7, send }, monitor, surveyed, [])
  await surveyed.file.close()
  return { result, sent, shown, isClosed }
}

const header = 'order,stage,timestamp,customer,actor'

test('facts that differ from those of known events are sent after all rows, and counted by order', async () => {
  const row = (order: string, customer: string) => `${order},pick,2026-01-02T08:00:00,${customer},ann`
  const rows = [row('A', 'New'), row('B', 'Refused'), row('C', ''), row('D', 'Same'), row('E', 'Known')]
  const { result, sent } = await imported([header, ...rows], {}, ({ type, order }) => {
    if (type !== 'order.changed') return order === 'D' ? 'accepted' : 'restated'
    return order === 'A' ? 'accepted' : order === 'B' ? 'rejected' : 'duplicate'
  })
  expect(result.facts).toEqual({ changed: 1, refused: 1, omitted: 0, kept: 1 })
  expect(sent.map((events) => events.map(({ type, order }) => `${type} ${order}`))).toEqual([
    ['A', 'B', 'C', 'D', 'E'].map((order) => `stage.entered ${order}`),
    ['A', 'B', 'E'].map((order) => `order.changed ${order}`),
  ])
  expect(result.tally.decided).toEqual({ rows: 5, accepted: 1, duplicate: 4, rejected: 0 })
  expect(result.breakOff).toBeUndefined()
})

test('these facts go out in calls as large as those of rows', async () => {
  const rows = Array.from({ length: 1_500 }, (_, i) => `O-${i},pick,2026-01-02T08:00:00,C,ann`)
  const { result, sent } = await imported([header, ...rows], {}, ({ type }) =>
    type === 'order.changed' ? 'accepted' : 'restated',
  )
  expect(sent.map((events) => events.length)).toEqual([700, 700, 100, 700, 700, 100])
  expect(result.facts.changed).toBe(1_500)
})

test('progress is shown every 5,000 rows, and as soon as more outcomes are known', async () => {
  const rows = Array.from({ length: 10_100 }, (_, i) => `O-${i},pick,2026-01-02T08:00:00,C,ann`)
  const { shown, isClosed } = await imported([header, ...rows], {}, () => 'accepted')
  const none = { rows: 0, decided: { rows: 0, accepted: 0, duplicate: 0, rejected: 0 } }
  expect(shown.slice(0, 3)).toEqual([
    none,
    none,
    { rows: 700, decided: { rows: 700, accepted: 700, duplicate: 0, rejected: 0 } },
  ])
  expect(shown.map(({ rows: read }) => read).at(-1)).toBe(10_100)
  expect(isClosed).toBe(true)
})

test('rows that were read before somebody stops the import are sent', async () => {
  const rows = Array.from({ length: 6_000 }, (_, i) => `O-${i},pick,2026-01-02T08:00:00,C,ann`)
  const { result, isClosed } = await imported([header, ...rows], {}, () => 'accepted', 1)
  expect(result.breakOff).toMatchObject({ brokenOff: 'stopped' })
  expect(result.tally.decided).toEqual({ rows: 5_000, accepted: 5_000, duplicate: 0, rejected: 0 })
  expect(isClosed).toBe(true)
})

test('the rows of an order that is sent as one count each, also when it is rejected', async () => {
  const rows = ['order,customer,quantity', 'A,x,1', 'A,x,2', 'B,y,3', 'B,y,4', 'B,y,5', 'C,z,6']
  const { result, sent } = await imported(rows, { rows: 'orders' }, ({ order }) =>
    order === 'B' ? 'rejected' : order === 'A' ? 'accepted' : 'duplicate',
  )
  expect(sent.flat().map(({ order, data }) => [order, data.quantity])).toEqual([
    ['A', 3],
    ['B', 12],
    ['C', 6],
  ])
  expect(result.tally.decided).toEqual({ rows: 6, accepted: 2, duplicate: 1, rejected: 3 })
  expect(result.tally.rejections()).toMatchObject([
    { column: 'customer', code: 'conflict', count: 3, first: [{ line: 4, value: 'y' }, { line: 5 }, { line: 6 }] },
  ])
  expect(result.orderLines?.orders).toBe(2)
})
