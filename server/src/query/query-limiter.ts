import pLimit from 'p-limit'
import { ScanWatch } from '../engine/scans/scan-watch.ts'
import { AppError } from '../platform/app-error.ts'
import { retryAfterS } from '../platform/load/load-level.ts'

const maxRunning = 2
const maxWaiting = 16
/** Maximum share of one site in all running and waiting queries, so that other sites get answers as well. */
const maxPerSite = 12

/** All inputs of the answer except the time. */
export type QueryKey = readonly [kind: string, site: string, ...rest: readonly unknown[]]

/** A query that is running or waiting. */
export interface PendingQuery<T> {
  readonly answer: Promise<T>
  readonly watch: ScanWatch
}

/** Number of clients that wait for the answer; the query is aborted when there are none. */
interface SharedQuery extends PendingQuery<unknown> {
  waiters: number
  readonly abort: () => void
}

/**
 * Limits queries that read much of the history: a few run at a time, some wait, and more are refused, so that they
 * leave enough of the database and the threads for ingestion. Identical concurrent queries share the answer.
 */
export class QueryLimiter {
  readonly #pending = new Map<string, SharedQuery>()
  readonly #answering = pLimit(maxRunning)
  readonly #ofSite = new Map<string, number>()
  #open = 0

  /** Number of running and waiting queries, and the limits. */
  get usage() {
    return { size: this.#open, limit: maxRunning + maxWaiting }
  }

  /** The same for a caller that never stops waiting. @throws AppError `overloaded`, `rate_limited` */
  async ask<T>(query: QueryKey, answer: (watch: ScanWatch) => Promise<T>): Promise<T> {
    return await this.follow(query, answer).answer
  }

  /**
   * @param signal aborted when the caller stops waiting. When all callers have stopped, the query is aborted: its slot
   * is free at once, and its answer is an error that nobody reads.
   * @throws AppError `overloaded` if too many queries wait, `rate_limited` if too many of the site do.
   */
  follow<T>(query: QueryKey, answer: (watch: ScanWatch) => Promise<T>, signal?: AbortSignal): PendingQuery<T> {
    const key = JSON.stringify(query)
    const pending = this.#pending.get(key) ?? this.#begin(key, query[1], answer)
    pending.waiters += 1
    const leave = (): void => {
      pending.waiters -= 1
      if (pending.waiters === 0) pending.abort()
    }
    if (signal?.aborted === true) leave()
    else signal?.addEventListener('abort', leave, { once: true })
    // The key identifies the query, so the answer has the same type.
    return pending as PendingQuery<unknown> as PendingQuery<T>
  }

  #begin(key: string, site: string, answer: (watch: ScanWatch) => Promise<unknown>): SharedQuery {
    const ofSite = this.#ofSite.get(site) ?? 0
    if (this.#open >= maxRunning + maxWaiting) {
      throw new AppError('overloaded', 'too many queries are waiting', { retryAfterS: retryAfterS(Math.random()) })
    }
    if (ofSite >= maxPerSite) {
      throw new AppError('rate_limited', 'too many queries of this site are waiting', {
        retryAfterS: retryAfterS(Math.random()),
      })
    }
    this.#open += 1
    this.#ofSite.set(site, ofSite + 1)
    const watch = new ScanWatch()
    const running = this.#answering(() => {
      watch.check()
      return answer(watch)
    })
    const pending = { answer: running.finally(() => end()), watch, waiters: 0, abort }
    // A caller that stopped waiting does not handle the error.
    pending.answer.catch(() => undefined)
    this.#pending.set(key, pending)
    const end = once(() => {
      this.#open -= 1
      const left = (this.#ofSite.get(site) ?? 1) - 1
      if (left === 0) this.#ofSite.delete(site)
      else this.#ofSite.set(site, left)
      if (this.#pending.get(key) === pending) this.#pending.delete(key)
    })
    return pending

    function abort(): void {
      watch.cancel()
      end()
    }
  }
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}
