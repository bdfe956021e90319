import { setTimeout as delay } from 'node:timers/promises'
import { openWritable, backoffDelaysMs } from './find-writable.ts'
import type { PostgresqlSession } from './postgresql-session.ts'

const answerWithinMs = 4_000
const checkIntervalMs = 5_000

type NoticeCallback = (payload: string) => void

/**
 * A dedicated session for notifications. If it is lost, or fails its periodic check, it is replaced; the listeners are
 * then called back, because notifications sent in the meantime are lost.
 */
export class NoticeListener {
  readonly #url: () => string
  readonly #callbacks = new Map<string, Set<NoticeCallback>>()
  readonly #closing = new AbortController()
  #session: PostgresqlSession | undefined
  #running: Promise<void> | undefined
  #firstTry = Promise.withResolvers<void>()

  /** @param url Returns the URL of the current host. */
  constructor(url: () => string) {
    this.#url = url
  }

  /** Resolves when it is listening, or has tried to if the database is unavailable. */
  async listen(channel: string, callback: NoticeCallback): Promise<() => Promise<void>> {
    const all = this.#callbacks.get(channel) ?? new Set()
    this.#callbacks.set(channel, all.add(callback))
    this.#running ??= this.#run()
    await this.#firstTry.promise
    // A failure is retried with the next session.
    await this.#subscribe(channel, [callback]).catch(() => undefined)
    return async () => void all.delete(callback)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#session?.destroy()
    await this.#running
  }

  async #run(): Promise<void> {
    let pauses = backoffDelaysMs()
    while (!this.#closing.signal.aborted) {
      try {
        const onNotice = (channel: string, payload: string): void =>
          this.#notify(this.#callbacks.get(channel) ?? [], payload)
        this.#session = await openWritable({ url: this.#url(), onNotice })
        // If it was closed meanwhile, there was no session to end yet.
        this.#closing.signal.throwIfAborted()
        this.#firstTry.resolve()
        for (const [channel, callback] of this.#callbacks) await this.#subscribe(channel, callback)
        pauses = backoffDelaysMs()
        await this.#monitor(this.#session)
      } catch {
        // Retried below, indefinitely.
      }
      this.#session?.destroy()
      this.#session = undefined
      this.#firstTry.resolve()
      await pause(pauses.next().value, this.#closing.signal)
    }
  }

  /** Polls the session, because a connection whose peer vanished without closing it is only detected by a query. */
  async #monitor(session: PostgresqlSession): Promise<void> {
    const end = new AbortController()
    void session.ended.then(() => end.abort())
    while (!session.hasEnded) {
      await pause(checkIntervalMs, end.signal)
      if (!session.hasEnded) await session.query('select 1', [], answerWithinMs)
    }
  }

  async #subscribe(channel: string, callbacks: Iterable<NoticeCallback>): Promise<void> {
    await this.#session?.query(`listen "${channel}"`, [], answerWithinMs)
    this.#notify(callbacks, '')
  }

  /**
   * An exception in one callback must neither reach the driver, which would end the session, nor prevent the other
   * callbacks.
   */
  #notify(callbacks: Iterable<NoticeCallback>, payload: string): void {
    for (const callback of callbacks) {
      try {
        callback(payload)
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error))
      }
    }
  }
}

/** Ends early if the signal is aborted; does not keep the process running. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
