import { setImmediate } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ReadTable } from '@stagewatch/shared/contract/uploads.ts'
import { AppError } from '../../platform/app-error.ts'
import type { FileEvent } from '../files/file-event.ts'
import type { KnownOrder } from '../files/order-generations.ts'
import { packedStatus } from './import-messages.ts'
import type { FromThread, PackedResults, ReadPosition, ReadTarget, ReadTask } from './import-messages.ts'
import type { Refused, ThreadAnswer, ToThread } from './import-messages.ts'
import type { ImportTarget } from './import-surveyed.ts'
import { unpackEvents } from './packed-events.ts'
import type { PackedEvents } from './packed-events.ts'

/** A file is read in bounded memory regardless of its size; a file that needs more is not a table. */
const maxThreadMiB = 1024

/** The server, as seen by the thread that reads a file. */
export interface FileReaderHost {
  /**
   * Opens the site that receives the events. Called once, when the file has been surveyed.
   * @param rows number of rows in the file.
   */
  open(rows: number): Promise<ImportTarget>
  /** At most four times a second. */
  positionChanged(position: ReadPosition): void
}

/** Why a file cannot be read, and its content as far as it is a table. */
export class UnreadableFileError extends AppError {
  readonly table: ReadTable | undefined
  readonly problem: Refused['problem']

  constructor({ code, message, problem, ...more }: Refused, table: ReadTable | undefined) {
    super(code, message, more)
    this.table = table
    this.problem = problem
  }
}

function startImportThread(task: ReadTask): Worker {
  return new Worker(new URL('import-thread.ts', import.meta.url), {
    name: 'import',
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: maxThreadMiB },
  })
}

/** Reads one file in a separate thread, so that a large or malformed file does not block other requests. */
export class FileReader {
  readonly #thread: Worker
  readonly #host: FileReaderHost
  readonly #report = Promise.withResolvers<ImportReport>()
  readonly #target = Promise.withResolvers<ImportTarget>()
  #unpacked: Promise<unknown> = Promise.resolve()

  constructor(task: ReadTask, host: FileReaderHost, start: (task: ReadTask) => Worker = startImportThread) {
    this.#host = host
    this.#thread = start(task)
    this.#thread.on('message', (message: FromThread) => this.#take(message))
    this.#thread.on('error', (error: Error) => this.#report.reject(failureOf(error)))
    // The error is delivered to the caller of `report`; this only prevents an unhandled rejection.
    this.#report.promise.catch(() => {})
    this.#thread.on('messageerror', (error) => this.#report.reject(error))
    this.#thread.on('exit', () => this.#report.reject(new Error('the thread that read the file ended')))
  }

  /**
   * Resolves when the file was read completely, or as far as possible.
   * @throws AppError if it cannot be read at all.
   */
  get report(): Promise<ImportReport> {
    return this.#report.promise
  }

  /** Rows that were already read are still sent; the report then says that the import was stopped. */
  stop(): void {
    this.#tell({ kind: 'stop' })
  }

  /** Terminates the thread immediately. */
  async close(): Promise<void> {
    await this.#thread.terminate()
  }

  #take(message: FromThread): void {
    switch (message.kind) {
      case 'position':
        return this.#host.positionChanged(message.position)
      case 'surveyed':
        return this.#answer(message.id, async () => ({ kind: 'target', target: await this.#open(message.rows) }))
      case 'events':
        return this.#answer(message.id, async () => ({ kind: 'results', results: await this.#send(message.pieces) }))
      case 'orders':
        return this.#answer(message.id, async () => ({
          kind: 'known',
          orders: await this.#findOrders(message.orders),
        }))
      case 'process':
        return this.#answer(message.id, async () => {
          const { saveProcess } = await this.#target.promise
          await saveProcess(message.discovered)
          return { kind: 'saved' }
        })
      case 'done':
        return this.#report.resolve(message.report)
      case 'refused':
        return this.#report.reject(new UnreadableFileError(message.refused, message.table))
    }
  }

  async #open(rows: number): Promise<ReadTarget> {
    const target = await this.#host.open(rows)
    this.#target.resolve(target)
    const { known, sender, orders } = target
    const limits = { maxEvents: sender.maxEvents, maxCharacters: sender.maxCharacters }
    return { known, limits, mostAsked: orders?.mostAsked }
  }

  async #findOrders(orders: readonly string[]): Promise<readonly (KnownOrder | undefined)[]> {
    const target = await this.#target.promise
    return target.orders?.find(orders) ?? []
  }

  async #send(pieces: readonly PackedEvents[]): Promise<PackedResults> {
    // Sequential, so that events are sent in the order in which the thread sent them.
    const unpacked = this.#unpacked.then(() => unpackInPieces(pieces))
    this.#unpacked = unpacked
    const { sender } = await this.#target.promise
    const results = await sender.send(await unpacked)
    return {
      statuses: Uint8Array.from(results, packedStatus),
      rejected: results.filter(({ status }) => status === 'rejected'),
    }
  }

  /** An expected error ends the import early; any other error terminates the thread. */
  #answer(id: number, answer: () => Promise<Unaddressed<ThreadAnswer>>): void {
    answer().then(
      (told) => this.#tell({ ...told, id }),
      (error: unknown) => {
        if (!(error instanceof AppError))
          return this.#report.reject(error instanceof Error ? error : new Error(String(error)))
        const { code, message, field, details } = error
        const refused = { code, message, details, ...(field !== undefined && { field }) }
        this.#tell({ kind: 'refusal', id, refused })
      },
    )
  }

  #tell(message: ToThread): void {
    this.#thread.postMessage(message)
  }
}

async function unpackInPieces(pieces: readonly PackedEvents[]): Promise<readonly FileEvent[]> {
  const events: FileEvent[] = []
  for (const piece of pieces) {
    await setImmediate()
    for (const event of unpackEvents(piece)) events.push(event)
  }
  return events
}

/** Each message type without the id of its request. */
type Unaddressed<Message> = Message extends unknown ? Omit<Message, 'id'> : never

/** A thread that runs out of memory has read something that is not a table. */
function failureOf(error: Error): Error {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new AppError('too_large', 'reading the file takes more memory than it may; is it the right file?')
    : error
}
