import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { minuteMs, secondMs } from './plant-time.ts'
import { ReportFeed } from './report-feed.ts'
import type { PlantRun } from './simulate-plant.ts'

export interface SampleOptions {
  readonly clock: Clock
  /** Stored with the site, so that every start of the server continues the same plant. */
  readonly plant: PlantRun
  /**
   * An instant, epoch ms, before which all reports are stored; undefined if none is. Later ones may be stored too,
   * because sending an event again changes nothing. The greatest instant of a stored event is always valid.
   */
  readonly lastReportedAt?: number | undefined
  /** Resolves when the events are durable. */
  /** `isHistory`: the events happened before the sample was created. */
  readonly submit: (events: OrderEvent[], isHistory: boolean) => Promise<void>
  /** Share of the history that has been stored, 0..1. */
  readonly onProgress?: (doneRatio: number) => void
  /**
   * Called when the clock was set back: until it reaches the instant again, the plant has already reported what
   * happens. An order cannot continue before its last event, and events are never removed from the log.
   */
  readonly onWaiting?: (until: number) => void
  /** Called when a batch was not accepted; it will be sent again. */
  readonly onProblem: (error: unknown) => void
}

export interface RunningSample {
  /** Resolves when the history is stored and the plant is live, or when it was stopped before that. */
  readonly caughtUp: Promise<void>
  /** Resolves when the batch in flight has been answered. */
  stop(): Promise<void>
}

/** A longer pause in the plant occurs only if its clock was set back. */
const longestSilenceMs = 10 * minuteMs
/** Number of reports that are simulated at once, which takes some 10 ms, and sent in one batch. */
const batchSize = 2000
const longestPauseMs = secondMs

/** Sends everything that the plant has reported so far, then each event at the instant at which it is reported. */
export function startSample(options: SampleOptions): RunningSample {
  const runner = new SampleRunner(options)
  const ended = runner.run()
  return {
    caughtUp: runner.caughtUp,
    stop() {
      runner.stop()
      return ended
    },
  }
}

class SampleRunner {
  readonly #options: SampleOptions
  readonly #feed: ReportFeed
  readonly #historyUntil: number
  readonly #live = Promise.withResolvers<void>()
  #stopped = false
  #isWaiting = false
  #endPause: (() => void) | undefined

  constructor(options: SampleOptions) {
    this.#options = options
    this.#feed = new ReportFeed(options.plant)
    this.#historyUntil = options.clock.now()
  }

  get caughtUp(): Promise<void> {
    return this.#live.promise
  }

  async run(): Promise<void> {
    const { clock, plant, lastReportedAt = plant.startAt } = this.#options
    let live = false
    while (!this.#stopped) {
      const due = this.#feed.take(clock.now(), batchSize)
      const events = due.filter(({ reportedAt }) => reportedAt >= lastReportedAt).map(({ event }) => event)
      await this.#send(events, !live)
      if (!live) live = this.#reportHistory()
      else this.#tellOfWaiting()
      // After a full batch more events are due, but the server needs time for other work too.
      await (due.length === batchSize ? nextTurn() : this.#pauseUntil(this.#feed.nextAt))
    }
    this.#live.resolve()
  }

  stop(): void {
    this.#stopped = true
    this.#endPause?.()
  }

  async #send(events: OrderEvent[], isHistory: boolean): Promise<void> {
    while (events.length > 0 && !this.#stopped) {
      try {
        return await this.#options.submit(events, isHistory)
      } catch (error) {
        this.#options.onProblem(error)
        await this.#pauseUntil(Number.POSITIVE_INFINITY)
      }
    }
  }

  #tellOfWaiting(): void {
    const { clock, onWaiting } = this.#options
    const isWaiting = this.#feed.nextAt - clock.now() > longestSilenceMs
    if (isWaiting && !this.#isWaiting) onWaiting?.(this.#feed.nextAt)
    this.#isWaiting = isWaiting
  }

  /** Returns whether the whole history is stored. */
  #reportHistory(): boolean {
    if (this.#stopped) return false
    const { plant, onProgress } = this.#options
    const doneMs = Math.min(this.#feed.nextAt, this.#historyUntil) - plant.startAt
    onProgress?.(doneMs / (this.#historyUntil - plant.startAt))
    if (this.#feed.nextAt <= this.#historyUntil) return false
    this.#live.resolve()
    return true
  }

  /** At most a second, because somebody may set the machine's clock. */
  #pauseUntil(instant: number): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    const { clock } = this.#options
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = clock.after(Math.min(Math.max(0, instant - clock.now()), longestPauseMs), resolve)
    this.#endPause = () => {
      cancel()
      resolve()
    }
    return promise
  }
}
