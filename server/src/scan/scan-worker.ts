import { Worker } from 'node:worker_threads'
import type { VisitStore } from '../engine/visit-store.ts'
import type { ScanAnswer, ScanTask } from './scan-task.ts'

export type ScanQuestion = Omit<ScanTask, 'id' | 'newChunks' | 'usedRows'>

export function startScanThread(): Worker {
  return new Worker(new URL('scan-thread.ts', import.meta.url), { name: 'scan' })
}

/** The main thread's end of one thread of the pool. The thread keeps the process alive only while it is asked. */
export class ScanWorker {
  readonly #thread: Worker
  readonly #waiting = new Map<number, PromiseWithResolvers<ScanAnswer>>()
  /** By the number of a store: how many of its chunks the thread has. */
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

  get hasEnded(): boolean {
    return this.#ended !== undefined
  }

  /** Rejects when the thread ends before it has answered. */
  ask(store: VisitStore, question: ScanQuestion): Promise<ScanAnswer> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const newChunks = store.chunksFrom(this.#sentChunks.get(question.store) ?? 0).map(({ memory }) => memory)
    this.#sentChunks.set(question.store, (this.#sentChunks.get(question.store) ?? 0) + newChunks.length)
    const id = ++this.#lastId
    const waiting = Promise.withResolvers<ScanAnswer>()
    this.#waiting.set(id, waiting)
    this.#thread.ref()
    const task: ScanTask = { ...question, id, newChunks, usedRows: store.usedRows }
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
