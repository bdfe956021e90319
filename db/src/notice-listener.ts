import { setTimeout as delay } from 'node:timers/promises'
import { openWritable, pausesMs } from './find-writable.ts'
import type { PostgresqlSession } from './postgresql-session.ts'

const answerWithinMs = 4_000
const lookEveryMs = 5_000

type Heard = (payload: string) => void

/**
 * One session that listens, apart from the others. When it is lost, or has not answered when it was last looked
 * after, another one takes its place; whoever listens is called back then, because what was sent meanwhile is gone.
 */
export class NoticeListener {
  readonly #url: () => string
  readonly #heard = new Map<string, Set<Heard>>()
  readonly #closing = new AbortController()
  #session: PostgresqlSession | undefined
  #running: Promise<void> | undefined
  #firstTry = Promise.withResolvers<void>()

  /** @param url where to listen now. */
  constructor(url: () => string) {
    this.#url = url
  }

  /** Resolves when it listens, or, if the database is away, has tried to. */
  async listen(channel: string, heard: Heard): Promise<() => Promise<void>> {
    const all = this.#heard.get(channel) ?? new Set()
    this.#heard.set(channel, all.add(heard))
    this.#running ??= this.#run()
    await this.#firstTry.promise
    // What fails is done again with the next session.
    await this.#subscribe(channel, [heard]).catch(() => undefined)
    return async () => void all.delete(heard)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#session?.destroy()
    await this.#running
  }

  async #run(): Promise<void> {
    let pauses = pausesMs()
    while (!this.#closing.signal.aborted) {
      try {
        const onNotice = (channel: string, payload: string): void => this.#tell(this.#heard.get(channel) ?? [], payload)
        this.#session = await openWritable({ url: this.#url(), onNotice })
        this.#firstTry.resolve()
        for (const [channel, heard] of this.#heard) await this.#subscribe(channel, heard)
        pauses = pausesMs()
        await this.#lookAfter(this.#session)
      } catch {
        // Tried again below, as often as it takes.
      }
      this.#session?.destroy()
      this.#session = undefined
      this.#firstTry.resolve()
      await pause(pauses.next().value, this.#closing.signal)
    }
  }

  /** A connection whose other end is gone without a word is noticed when something is asked through it. */
  async #lookAfter(session: PostgresqlSession): Promise<void> {
    const end = new AbortController()
    void session.ended.then(() => end.abort())
    while (!session.hasEnded) {
      await pause(lookEveryMs, end.signal)
      if (!session.hasEnded) await session.query('select 1', [], answerWithinMs)
    }
  }

  async #subscribe(channel: string, callbacks: Iterable<Heard>): Promise<void> {
    await this.#session?.query(`listen "${channel}"`, [], answerWithinMs)
    this.#tell(callbacks, '')
  }

  /** What one of them throws must neither reach the driver, whose session it would end, nor keep it from the others. */
  #tell(callbacks: Iterable<Heard>, payload: string): void {
    for (const heard of callbacks) {
      try {
        heard(payload)
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error))
      }
    }
  }
}

/** Ends early when the signal comes; keeps no process running. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => undefined)
}
