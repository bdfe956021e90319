import { Worker } from 'node:worker_threads'
import type { VisitStore } from '../visit-store.ts'
import type { ScanAnswer, ScanTask } from './scan-task.ts'

export type ScanQuestion = Omit<ScanTask, 'id' | 'newChunks' | 'newParts' | 'usedRows' | 'forgottenStores'>

/**
 * Number of stores whose chunks a thread caches. They are shared memory, so sending them again costs little; without a
 * limit, those of a closed view would never be freed.
 */
export const maxKnownStores = 8

export function startScanThread(): Worker {
  return new Worker(new URL('scan-thread.ts', import.meta.url), { name: 'scan' })
}

/** The main thread's handle of one pool thread. The thread keeps the server running only while it has a query. */
export class ScanWorker {
  readonly #thread: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<ScanAnswer>>()
  /** Number of chunks and of columns sent to the thread, by store number; the most recently queried store is last. */
  readonly #sent = new Map<number, { readonly chunks: number; readonly parts: number }>()
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

  /** Number of stores whose chunks the thread caches. */
  get storeCount(): number {
    return this.#sent.size
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined
  }

  /** Rejects if the thread exits before it has answered. */
  ask(store: VisitStore, question: ScanQuestion): Promise<ScanAnswer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const sent = this.#sent.get(question.store) ?? { chunks: 0, parts: 0 }
    const newChunks = store.chunksFrom(sent.chunks).map(({ memory }) => memory)
    const newParts = store.rarePartsFrom(sent.parts)
    this.#sent.delete(question.store)
    this.#sent.set(question.store, { chunks: sent.chunks + newChunks.length, parts: sent.parts + newParts.length })
    const forgottenStores = [...this.#sent.keys()].slice(0, -maxKnownStores)
    for (const forgotten of forgottenStores) this.#sent.delete(forgotten)
    const id = ++this.#lastId
    const waiting = Promise.withResolvers<ScanAnswer>()
    this.#waiting.set(id, waiting)
    this.#thread.ref()
    const task: ScanTask = { ...question, id, newChunks, newParts, usedRows: store.usedRows, forgottenStores }
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
