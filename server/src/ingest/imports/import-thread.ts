import { parentPort, workerData } from 'node:worker_threads'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { AppError } from '../../platform/app-error.ts'
import { FileError } from '../tables/file-error.ts'
import type { FileEvent } from '../files/file-event.ts'
import type { KnownOrder } from '../files/order-generations.ts'
import type { DiscoveredProcess } from './discover-process.ts'
import { fileOptionsOf } from './file-options.ts'
import type { EventResult } from './event-sender.ts'
import { unpackedResult } from './import-messages.ts'
import type { FromThread, ReadTask, ThreadAnswer, ToThread } from './import-messages.ts'
import type { ImportMonitor, ImportPhase } from './import-monitor.ts'
import { importSurveyed, requireStages } from './import-surveyed.ts'
import { packEvents } from './packed-events.ts'
import type { PackedEvents } from './packed-events.ts'
import { readTable } from './read-table.ts'
import { surveyFile } from './survey-file.ts'

/** Frequent enough for a progress display. */
const tellEveryMs = 250
/** The main thread unpacks a piece of this many events in one go, which takes less than a ms. */
const eventsPerPiece = 500

/** Entry point of a thread that reads one file; the server sends its events and saves its process. */
const stopped = new AbortController()
const waiting = new Map<number, PromiseWithResolvers<ThreadAnswer>>()
const monitor: ImportMonitor = { stopped: stopped.signal, openProgress }
const missing: EventResult = { index: 0, status: 'rejected', code: 'internal', message: 'the server gave no result' }
let lastId = 0

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'stop') return stopped.abort()
  const asked = waiting.get(message.id)
  waiting.delete(message.id)
  if (message.kind !== 'refusal') return asked?.resolve(message)
  const { code, message: text, ...more } = message.refused
  asked?.reject(new AppError(code, text, more))
})

// The server passes the task when it starts the thread.
void read(workerData as ReadTask)
  .then((report) => tell({ kind: 'done', report: storable(report) }))
  .catch(async (error: unknown) => {
    if (!(error instanceof AppError)) throw error
    const { code, message, field, details } = error
    const problem = error instanceof FileError ? storable(error.problem) : undefined
    tell({
      kind: 'refused',
      refused: { code, message, details, problem, ...(field !== undefined && { field }) },
      table: await readTable(workerData as ReadTask),
    })
  })
  .finally(() => parentPort?.close())

async function read({ path, order, ...task }: ReadTask): Promise<ImportReport> {
  const surveyed = await surveyFile(fileOptionsOf(path, order.mapping), monitor)
  try {
    const { rows } = surveyed.file.facts
    // A file that cannot be discovered changes nothing, so the site is not even opened.
    if (order.discover) requireStages(surveyed)
    const answer = await ask((id) => tell({ kind: 'surveyed', id, rows }))
    if (answer.kind !== 'target') throw new TypeError(`the server answered ${answer.kind} in place of the site`)
    const { known, limits, mostAsked } = answer.target
    const options = { ...order, ...task, terminal: new Set(order.terminal) }
    const target = {
      known,
      sender: { ...limits, send: sendEvents },
      orders: { find: findOrders, ...(mostAsked !== undefined && { mostAsked }) },
      saveProcess: async (discovered: DiscoveredProcess) => {
        await ask((id) => tell({ kind: 'process', id, discovered }))
      },
    }
    return await importSurveyed(surveyed, options, target, monitor, Date.now())
  } finally {
    await surveyed.file.close()
  }
}

function tell(message: FromThread): void {
  parentPort?.postMessage(message)
}

function ask(send: (id: number) => void): Promise<ThreadAnswer> {
  const id = ++lastId
  const answer = Promise.withResolvers<ThreadAnswer>()
  waiting.set(id, answer)
  send(id)
  return answer.promise
}

async function sendEvents(events: readonly FileEvent[]): Promise<readonly EventResult[]> {
  const pieces: PackedEvents[] = []
  for (let start = 0; start < events.length; start += eventsPerPiece) {
    pieces.push(packEvents(events.slice(start, start + eventsPerPiece)))
  }
  const answer = await ask((id) =>
    parentPort?.postMessage(
      { kind: 'events', id, pieces } satisfies FromThread,
      pieces.flatMap(({ places, sequences, values }) => [places.buffer, sequences.buffer, values.buffer]),
    ),
  )
  if (answer.kind !== 'results') return []
  const { statuses, rejected } = answer.results
  const others = rejected[Symbol.iterator]()
  return Array.from(
    statuses,
    (status, index): EventResult => unpackedResult(status, index) ?? others.next().value ?? missing,
  )
}

async function findOrders(orders: readonly string[]): Promise<readonly (KnownOrder | undefined)[]> {
  const answer = await ask((id) => tell({ kind: 'orders', id, orders }))
  return answer.kind === 'known' ? answer.orders : []
}

function openProgress(phase: ImportPhase): ReturnType<ImportMonitor['openProgress']> {
  let toldAt = -Infinity
  const update: ReturnType<ImportMonitor['openProgress']>['update'] = (ratio, rows, decided) => {
    if (performance.now() - toldAt < tellEveryMs) return
    toldAt = performance.now()
    tell({ kind: 'position', position: { phase, ratio, rows, decided } })
  }
  update(0, 0)
  return { update, close: () => {} }
}

/** Replaces characters that a database cannot store, which may occur in texts of a file. */
function storable<Told extends object>(told: Told): Told {
  const text = JSON.stringify(told, (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\uFFFD') : value,
  )
  return JSON.parse(text) as Told
}
