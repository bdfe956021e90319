import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { VisitBatch } from '../visit-batch.ts'
import type { DwellClock } from '../visit-columns.ts'
import type { VisitFilter } from '../visit-filter.ts'
import type { VisitStore } from '../visit-store.ts'
import type { VisitTable } from '../visit-table.ts'
import { inSlices } from '../../platform/in-slices.ts'
import type { ScanAnswer } from './scan-task.ts'
import { maxKnownStores, ScanWorker, startScanThread } from './scan-worker.ts'
import { directScans } from './visit-scans.ts'
import type { VisitScans } from './visit-scans.ts'

/**
 * More threads wait for memory rather than for a processor. Up to here there are as many as processors: while they scan,
 * the main thread mostly waits, and what it has to do meanwhile it shares a processor for.
 */
const maxThreads = 4
/** The main thread reads less than this sooner than a thread could be told of it. */
const minChunks = 2

/**
 * Threads that scan stores of visits, so that the event loop does not. One pool serves all sites of a process. The
 * threads start with the first question that is large enough, and keep the chunks of the stores that they were asked
 * about last.
 */
export class ScanPool implements VisitScans {
  readonly threadCount: number
  readonly #start: () => Worker
  readonly #workers: ScanWorker[] = []
  readonly #storeNumbers = new WeakMap<VisitStore, number>()
  #storeCount = 0
  #isClosed = false

  /** @param start runs `scan-thread.ts`. */
  constructor(threadCount = Math.min(maxThreads, availableParallelism()), start: () => Worker = startScanThread) {
    this.threadCount = threadCount
    this.#start = start
  }

  /** How many stores the threads keep, and may keep. */
  get usage() {
    return { size: Math.max(0, ...this.#workers.map(({ storeCount }) => storeCount)), limit: maxKnownStores }
  }

  /** Rejects when the pool is closed, or when threads end twice while they are at it. */
  async scan(table: VisitTable, store: VisitStore, filter: VisitFilter, clock: DwellClock): Promise<void> {
    const chunks = store.chunksWithin(filter)
    if (chunks.length < minChunks) return directScans.scan(table, store, filter, clock)
    // What a thread had counted is lost when it ends, so everything is counted anew.
    const ask = (): Promise<ScanAnswer[]> => this.#ask(table, store, chunks, filter, clock)
    const answers = await ask().catch(ask)
    await inSlices(merged(table, store, answers, filter, clock))
  }

  /** Questions that are not answered yet are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#workers.map((worker) => worker.close()))
  }

  async #ask(
    { plan }: VisitTable,
    store: VisitStore,
    chunks: readonly number[],
    filter: VisitFilter,
    clock: DwellClock,
  ): Promise<ScanAnswer[]> {
    const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const question = { filter, clock, plan, store: this.#numberOf(store), chunks, next }
    try {
      return await Promise.all(this.#ready().map((worker) => worker.ask(store, question)))
    } catch (error) {
      // The others stop as well.
      Atomics.store(next, 0, chunks.length)
      throw error
    }
  }

  /** All threads, those that have ended replaced. */
  #ready(): readonly ScanWorker[] {
    if (this.#isClosed) throw new Error('the server is closing')
    for (let i = 0; i < this.threadCount; i++) {
      if (this.#workers[i]?.hasEnded !== false) this.#workers[i] = new ScanWorker(this.#start)
    }
    return this.#workers
  }

  #numberOf(store: VisitStore): number {
    const known = this.#storeNumbers.get(store)
    if (known !== undefined) return known
    this.#storeCount += 1
    this.#storeNumbers.set(store, this.#storeCount)
    return this.#storeCount
  }
}

/** Puts together what the threads have counted, and reads the rows that they could not read. */
function* merged(
  table: VisitTable,
  store: VisitStore,
  answers: readonly ScanAnswer[],
  filter: VisitFilter,
  clock: DwellClock,
): Generator<void> {
  const batch = new VisitBatch({ filter, clock, ...table.reads })
  for (const answer of answers) {
    if (table.isFull) return
    for (const row of answer.unread) {
      store.readBatch(batch, row)
      table.add(batch)
      yield
    }
    yield* table.merge(answer.table)
  }
}
