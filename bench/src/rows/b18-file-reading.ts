import { stat } from 'node:fs/promises'
import { FileReader } from '@stagewatch/server/ingest/imports/file-reader.ts'
import { charactersPerCommit, eventsPerCommit, eventsPerTrial } from '@stagewatch/server/ingest/imports/event-sender.ts'
import type { EventResult } from '@stagewatch/server/ingest/imports/event-sender.ts'
import type { FileEvent } from '@stagewatch/server/ingest/files/file-event.ts'
import { longestTurn } from '../longest-turn.ts'
import { median } from '../median.ts'
import type { Figure, Progress, Row } from '../row.ts'
import { writeRowsFile } from '../rows-file.ts'
import { stages } from '../ingest/order-events.ts'

const megabytes = Number(process.env['BENCH_UPLOAD_MB'] ?? 200)
const bytesPerRow = 71
const rows = Math.round((megabytes * 1e6) / bytesPerRow)
const runs = 3
const limitMs = 50
const firstAt = Date.UTC(2026, 0, 5)
const minuteMs = 60_000

const title = `a file of ${megabytes} MB, read by a thread`

export const fileReading: Row = { id: 'B18', title, run }

async function run(progress: Progress): Promise<Figure[]> {
  const file = await writeRowsFile(fileRows())
  const { size } = await stat(file.path)
  try {
    return [
      await figure('checked: nothing but positions comes back', file.path, size, true, progress),
      await figure('sent: every event goes to the main thread and gets an answer', file.path, size, false, progress),
    ]
  } finally {
    await file.remove()
  }
}

/** Overlapping orders, as in a real plant. */
function* fileRows(): Generator<string> {
  yield 'order_id,stage,timestamp,customer'
  for (let i = 0; i < rows; i++) {
    const stage = stages[Math.floor(i / 1_000) % stages.length]
    const order = `SO-${Math.floor(i / 6_000)}-${i % 1_000}`
    yield `${order},${stage},${new Date(firstAt + i * minuteMs).toISOString()},Customer ${i % 500} Ltd`
  }
}

async function figure(how: string, path: string, size: number, dryRun: boolean, progress: Progress): Promise<Figure> {
  const [turns, speeds]: [number[], number[]] = [[], []]
  for (let i = 0; i < runs; i++) {
    const beganAt = performance.now()
    turns.push(await longestTurn(() => read(path, dryRun)))
    speeds.push(size / 1e6 / ((performance.now() - beganAt) / 1_000))
    progress(`${how}: run ${i + 1} of ${runs}`)
  }
  const value = median(turns)
  return {
    id: 'B18',
    what: `${title}, ${how}: processor time of the longest turn of the event loop`,
    value,
    target: limitMs,
    better: 'lower',
    unit: 'ms',
    product: { name: 'longest turn', value, unit: 'ms' },
    peer: { name: 'limit', value: limitMs, unit: 'ms' },
    runs: turns.map((product) => ({ product, peer: limitMs })),
    notes: [`${rows.toLocaleString('en')} rows, ${Math.round(median(speeds))} MB/s with the survey of the columns`],
  }
}

async function read(path: string, dryRun: boolean): Promise<void> {
  const order = { mapping: {}, discover: false, terminal: [] }
  const known = { processes: [], histories: [], defaultProcess: null }
  const limits = { maxEvents: dryRun ? eventsPerTrial : eventsPerCommit, maxCharacters: charactersPerCommit }
  const host = {
    open: () =>
      Promise.resolve({ known, sender: { ...limits, send: acceptAll }, saveProcess: () => Promise.resolve() }),
    positionChanged: () => {},
  }
  const task = { path, order, dryRun, preview: dryRun, errorsPath: undefined, maxErrorsBytes: undefined }
  const reader = new FileReader(task, host)
  try {
    const { accepted } = await reader.report
    if (accepted !== rows) throw new Error(`${accepted} rows of ${rows} were read`)
  } finally {
    await reader.close()
  }
}

function acceptAll(events: readonly FileEvent[]): Promise<readonly EventResult[]> {
  return Promise.resolve(events.map((_, index) => ({ index, status: 'accepted' })))
}
