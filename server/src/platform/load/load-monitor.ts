import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import type { Server } from 'node:net'
import type { Logger } from 'pino'
import { AppError } from '../app-error.ts'
import { shedWork } from '@stagewatch/shared/contract/server-status.ts'
import type { ShedWork } from '@stagewatch/shared/contract/server-status.ts'
import { AcceptProbe } from './accept-probe.ts'
import { boardCadenceMs, isShed, nextLoad, noLoad, retryAfterS } from './load-level.ts'
import type { LoadSample, LoadState } from './load-level.ts'

const sampleEveryMs = 100
/** Asking the operating system takes longer than all else in a sample, and the memory of a process grows slowly. */
const askMemoryEveryMs = 1_000
/** Refused at once, at whatever level: a burst of this size would fill the memory before the levels have risen. */
const maxWaiting = 2_000

/** A record of what was refused because of the load. */
export type RefusedCounts = Readonly<Record<ShedWork, number>>

export interface LoadMonitorOptions {
  readonly logger: Logger
  /** In place of the level that follows from the load, for tests: 0 switches shedding off. */
  readonly fixedLevel?: (() => number) | undefined
}

/** Measures the load of this server instance, and decides what it still does. */
export class LoadMonitor {
  readonly #options: LoadMonitorOptions
  readonly #timer: NodeJS.Timeout
  readonly #refused = Object.fromEntries(shedWork.map((work) => [work, 0])) as Record<ShedWork, number>
  #state: LoadState = noLoad
  #sample: LoadSample = { lagMs: 0, acceptMs: 0, waiting: 0, memoryRatio: 0 }
  #dueAt = performance.now() + sampleEveryMs
  #accept: AcceptProbe | undefined
  #requests = 0
  #statements = 0
  /** Of the process, when it was last asked for. */
  #residentRatio = residentRatio()
  #memoryAskedAt = performance.now()

  constructor(options: LoadMonitorOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.#look(), sampleEveryMs).unref()
  }

  /** Number of entries of `shedWork` in force; 0: everything is done. */
  get level(): number {
    return this.#options.fixedLevel?.() ?? this.#state.level
  }

  /** What was given up last; undefined: nothing is. */
  get lastShed(): ShedWork | undefined {
    return shedWork[this.level - 1]
  }

  /** Minimum interval between two deltas of a board, ms. */
  get cadenceMs(): number {
    return boardCadenceMs(this.level)
  }

  /** The same if it is longer than usual, for those who are shown the board. */
  get reducedCadenceMs(): number | undefined {
    return isShed('boards', this.level) ? this.cadenceMs : undefined
  }

  /** The last sample. */
  get sample(): LoadSample {
    return this.#sample
  }

  get refused(): RefusedCounts {
    return this.#refused
  }

  isShed(work: ShedWork): boolean {
    return isShed(work, this.level) || (this.#requests > maxWaiting && this.#options.fixedLevel === undefined)
  }

  /** @throws AppError `overloaded`, or `rate_limited` for events, if the work is given up at the moment. */
  require(work: ShedWork): void {
    if (this.isShed(work)) throw this.refuse(work)
  }

  /** The refusal of a request for this work, which is counted. */
  refuse(work: ShedWork): AppError {
    this.#refused[work] += 1
    const retry = { retryAfterS: retryAfterS(Math.random()) }
    return work === 'events'
      ? new AppError('rate_limited', 'the server takes no further events at the moment: nothing was stored', retry)
      : new AppError('overloaded', 'the server is overloaded and does not answer this at the moment', retry)
  }

  /** Counts a request until the returned function is called. */
  requestBegins(): () => void {
    this.#requests += 1
    return () => {
      this.#requests -= 1
    }
  }

  /** Counts a statement or transaction until it is answered, and returns its answer. */
  whileWaiting<Answer>(answer: Promise<Answer>): Promise<Answer> {
    this.#statements += 1
    const settled = (): void => {
      this.#statements -= 1
    }
    answer.then(settled, settled)
    return answer
  }

  /** From now on, also measures how long new clients wait at this server. */
  watchConnections(server: Server): void {
    this.#accept = new AcceptProbe(server)
  }

  close(): void {
    clearInterval(this.#timer)
    this.#accept?.close()
    this.#accept = undefined
  }

  #look(): void {
    const now = performance.now()
    const lagMs = Math.max(0, now - this.#dueAt)
    this.#dueAt = now + sampleEveryMs
    this.#sample = this.#measure(lagMs)
    const before = this.#state.level
    this.#state = nextLoad(this.#state, this.#sample, now)
    const { level } = this.#state
    if (level === before) return
    const { logger } = this.#options
    const told = { level, gaveUp: shedWork[level - 1], ...this.#sample }
    if (before === 0) logger.warn(told, 'the server is overloaded and gives up work')
    else if (level === 0) logger.warn('the server is no longer overloaded')
    else logger.info(told, 'the load level has changed')
  }

  #measure(lagMs: number): LoadSample {
    return {
      lagMs: Math.round(lagMs),
      acceptMs: Math.round(this.#accept?.look(performance.now()) ?? 0),
      waiting: Math.max(this.#requests, this.#statements),
      memoryRatio: this.#measureMemory(),
    }
  }

  /** The larger share: of the heap of JavaScript, or of the memory of the container or the machine. */
  #measureMemory(): number {
    const now = performance.now()
    if (now - this.#memoryAskedAt >= askMemoryEveryMs) {
      this.#memoryAskedAt = now
      this.#residentRatio = residentRatio()
    }
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
    return Math.max(used / limit, this.#residentRatio)
  }
}

function residentRatio(): number {
  const constrained = process.constrainedMemory()
  const available = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return process.memoryUsage.rss() / available
}
