import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { minuteMs, secondMs } from './plant-time.ts'
import { ReportFeed } from './report-feed.ts'
import type { PlantRun } from './simulate-plant.ts'

export interface SampleOptions {
  readonly clock: Clock
  /** Kept with the site, so that every start of the server continues the same plant. */
  readonly plant: PlantRun
  /**
   * An instant, epoch ms, before which all reports are stored; undefined: none is. Later ones may be stored too:
   * sending an event again changes nothing. The greatest instant of a stored event is always right.
   */
  readonly lastReportedAt?: number | undefined
  /** Resolves when the events are durable. */
  /** `isHistory`: they have happened before the sample was there. */
  readonly submit: (events: OrderEvent[], isHistory: boolean) => Promise<void>
  /** Share of the history that is stored, 0..1. */
  readonly onProgress?: (doneRatio: number) => void
  /**
   * The clock was set back: until it has come to the instant again, the plant has reported already what happens. An
   * order cannot go on before what it did last, and what is in the log is never taken out of it.
   */
  readonly onWaiting?: (until: number) => void
  /** A batch was not taken; it will be sent again. */
  readonly onProblem: (error: unknown) => void
}

export interface RunningSample {
  /** Resolves when the history is stored and the plant is live, or when it was stopped before. */
  readonly caughtUp: Promise<void>
  /** Resolves when the batch on its way has been answered. */
  stop(): Promise<void>
}

/** Nothing happens in the plant for so long only when its clock was set back. */
const longestSilenceMs = 10 * minuteMs
/** How many reports are simulated at once, which takes some 10 ms, and sent in one batch. */
const batchSize = 2000
const longestPauseMs = secondMs

/** Sends what the plant has reported until now, then every event at the instant at which it is reported. */
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
      // A full batch has more behind it, but the server has other work too.
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

  /** Whether all of it is stored. */
  #reportHistory(): boolean {
    if (this.#stopped) return false
    const { plant, onProgress } = this.#options
    const doneMs = Math.min(this.#feed.nextAt, this.#historyUntil) - plant.startAt
    onProgress?.(doneMs / (this.#historyUntil - plant.startAt))
    if (this.#feed.nextAt <= this.#historyUntil) return false
    this.#live.resolve()
    return true
  }

  /** Never longer than a second, because somebody may set the machine's clock. */
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
