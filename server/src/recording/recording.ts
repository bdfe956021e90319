import { randomBytes } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { boardLookBackMs } from '../board/board-look-back.ts'
import { SiteView } from '../board/site-view.ts'
import type { Clock } from '../clock/clock.ts'
import { every } from '../clock/every.ts'
import { VirtualClock } from '../clock/virtual-clock.ts'
import type { SitePipeline } from '../pipeline.ts'
import { mostVisits } from '../query/memory-limit.ts'
import { RecordedOrders } from './recorded-orders.ts'
import type { RecordedSpan } from './recorded-orders.ts'

const stepMs = 250

/** What part of the past is shown, and how many times as fast as it went. */
export interface RecordingRequest extends RecordedSpan {
  readonly speed: number
}

export interface RecordingOptions {
  readonly pipeline: Pick<SitePipeline, 'site' | 'catalog' | 'isMissing'>
  readonly database: Database
  /** The clock of the present. */
  readonly clock: Clock
  readonly scope: DepartmentScope
  readonly request: RecordingRequest
  readonly send: (delta: BoardDelta, audience: string) => void
  /** A step could not be shown; the next one is tried all the same. */
  readonly failed: (error: unknown) => void
}

/** The past of a site, shown again on boards of its own; it ends by itself and stays at its last picture. */
export class Recording {
  /** Goes before the audience of everything that is sent of it, so that it reaches nobody else. */
  readonly id = `recording ${randomBytes(6).toString('hex')} `
  readonly view: SiteView
  readonly site: string
  readonly #clock: VirtualClock
  readonly #stop: () => Promise<void>

  private constructor(view: SiteView, clock: VirtualClock, orders: RecordedOrders, options: RecordingOptions) {
    this.view = view
    this.site = options.pipeline.site.code
    this.#clock = clock
    const { request, clock: present } = options
    const beganAt = present.now()
    const step = (): void => {
      const passedMs = (present.now() - beganAt) * request.speed
      const instant = Math.min(request.to, request.from + passedMs)
      if (instant === clock.now()) return
      view.show(orders.until(instant))
      view.changed()
      clock.stepTo(instant)
    }
    this.#stop = every(
      present,
      (now) => now + stepMs,
      step,
      () => undefined,
    )
  }

  /** @throws AppError `invalid_field` when there is more in the span than can be held. */
  static async open(options: RecordingOptions): Promise<Recording> {
    const { pipeline, database, request, scope } = options
    const { site, catalog } = pipeline
    const clock = new VirtualClock(request.from)
    const opened: { recording?: Recording } = {}
    const view = new SiteView(
      {
        site,
        database,
        clock,
        mostVisits,
        recording: request,
        defaultProcess: () => catalog.defaultProcess,
        isKnown: (process) => catalog.isKnown(process),
        // A source that is late now, or was then, is no matter of what has become of the orders.
        sourcesAt: () => ({
          sources: {},
          lateSourceOf: () => undefined,
          isMissing: (stage, hourAt) => pipeline.isMissing(stage, hourAt),
        }),
        position: () => '',
        send: (delta, audience) => options.send(delta, `${opened.recording?.id ?? ''}${audience}`),
        built: () => undefined,
      },
      scope,
    )
    view.calendars(catalog.calendars, catalog.calendarChoice)
    for (const history of catalog.histories()) view.process(history)
    const endedSince = request.from - boardLookBackMs
    view.engine.ended.beginAt(endedSince)
    const orders = await RecordedOrders.read(database, site.code, { ...request, endedSince }, catalog, (page) =>
      view.show(page),
    )
    view.show([...orders.before(request.from)])
    const recording = new Recording(view, clock, orders, options)
    opened.recording = recording
    return recording
  }

  /** The instant that is shown. */
  get now(): number {
    return this.#clock.now()
  }

  close(): void {
    void this.#stop()
    this.view.close()
  }
}
