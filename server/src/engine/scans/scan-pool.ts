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
import { ScanWatch } from './scan-watch.ts'
import { directScans } from './visit-scans.ts'
import type { VisitScans } from './visit-scans.ts'

/**
 * More threads would wait for memory instead of CPUs. Up to this number there is one per CPU: during scans the main
 * thread mostly waits, and shares a CPU for its remaining work.
 */
const maxThreads = 4
/** The main thread scans fewer chunks than this faster than it could dispatch them to a thread. */
const minChunks = 2

/**
 * Threads that scan stores of visits, to keep the event loop free. One pool serves all sites of a server instance. The
 * threads start with the first query that is large enough, and keep the chunks of the stores that were queried last.
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

  /** Number of stores that the threads keep, and its limit. */
  get usage() {
    return { size: Math.max(0, ...this.#workers.map(({ storeCount }) => storeCount)), limit: maxKnownStores }
  }

  /** Rejects if the pool is closed, if threads exit twice during the scan, or if the watch cancels it. */
  async scan(
    table: VisitTable,
    store: VisitStore,
    filter: VisitFilter,
    clock: DwellClock,
    watch = new ScanWatch(),
  ): Promise<void> {
    const chunks = store.chunksWithin(filter)
    if (chunks.length < minChunks) return directScans.scan(table, store, filter, clock, watch)
    // The counts of a thread are lost when it exits, so everything is counted again.
    const ask = (): Promise<ScanAnswer[]> => this.#ask(table, store, chunks, filter, clock, watch)
    const answers = await ask().catch(ask)
    await inSlices(watch.whileWanted(merged(table, store, answers, filter, clock)))
  }

  /** Rejects all pending queries. */
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
    watch: ScanWatch,
  ): Promise<ScanAnswer[]> {
    const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const total = chunks.length
    const stop = (): void => void Atomics.store(next, 0, total)
    const end = watch.begin({ total, done: () => Atomics.load(next, 0), stop })
    const question = { filter, clock, plan, store: this.#numberOf(store), chunks, next }
    try {
      return await Promise.all(this.#ready().map((worker) => worker.ask(store, question)))
    } catch (error) {
      // The other threads stop as well.
      stop()
      throw error
    } finally {
      end()
    }
  }

  /** All threads, with exited ones replaced. */
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

/** Merges the results of the threads, and reads the rows that they could not read. */
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
