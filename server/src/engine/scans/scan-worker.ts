import { Worker } from 'node:worker_threads'
import type { VisitStore } from '../visit-store.ts'
import type { ScanAnswer, ScanTask } from './scan-task.ts'

export type ScanQuestion = Omit<ScanTask, 'id' | 'newChunks' | 'usedRows' | 'forgottenStores'>

/**
 * Stores whose chunks a thread keeps. They are shared memory, so telling it of them again costs little, while those of
 * a view that is closed would never be freed.
 */
export const maxKnownStores = 8

export function startScanThread(): Worker {
  return new Worker(new URL('scan-thread.ts', import.meta.url), { name: 'scan' })
}

/** The main thread's end of one thread of the pool. The thread keeps the process alive only while it is asked. */
export class ScanWorker {
  readonly #thread: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<ScanAnswer>>()
  /** By the number of a store: how many of its chunks the thread has. The one asked about last comes last. */
  readonly #sentChunks = new Map<number, number>()
  #lastId = 0
  #ended: Error | undefined

  constructor(start: () => Worker) {
    this.#thread = start()
    this.#thread.unref()
    this.#thread.on('message', (answer: ScanAnswer) => this.#take(answer))
    this.#thread.on('error', (error) => this.#end(new Error('a thread that scans visits failed', { cause: error })))
    this.#thread.on('messageerror', (error) => this.#end(error))
    this.#thread.on('exit', () => this.#end(new Error('a thread that scans visits ended')))
  }

  /** How many stores the thread keeps the chunks of. */
  get storeCount(): number {
    return this.#sentChunks.size
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined
  }

  /** Rejects when the thread ends before it has answered. */
  ask(store: VisitStore, question: ScanQuestion): Promise<ScanAnswer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const sent = this.#sentChunks.get(question.store) ?? 0
    const newChunks = store.chunksFrom(sent).map(({ memory }) => memory)
    this.#sentChunks.delete(question.store)
    this.#sentChunks.set(question.store, sent + newChunks.length)
    const forgottenStores = [...this.#sentChunks.keys()].slice(0, -maxKnownStores)
    for (const forgotten of forgottenStores) this.#sentChunks.delete(forgotten)
    const id = ++this.#lastId
    const waiting = Promise.withResolvers<ScanAnswer>()
    this.#waiting.set(id, waiting)
    this.#thread.ref()
    const task: ScanTask = { ...question, id, newChunks, usedRows: store.usedRows, forgottenStores }
    this.#thread.postMessage(task)
    return waiting.promise
  }

  async close(): Promise<void> {
    this.#end(new Error('the server is closing'))
    await this.#thread.terminate()
  }

  #take(answer: ScanAnswer): void {
    this.#waiting.get(answer.id)?.resolve(answer)
    this.#waiting.delete(answer.id)
    if (this.#waiting.size === 0) this.#thread.unref()
  }

  #end(reason: Error): void {
    this.#ended ??= reason
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
    this.#thread.unref()
  }
}
