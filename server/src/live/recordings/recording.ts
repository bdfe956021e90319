import { randomBytes } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DeltaSink } from '../../boards/board-publisher.ts'
import { boardLookBackMs } from '../../boards/build-board.ts'
import type { BoardProblem } from '../../boards/site-boards.ts'
import { SiteView } from '../../boards/site-view.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { every } from '../../platform/clock/every.ts'
import { VirtualClock } from '../../platform/clock/virtual-clock.ts'
import type { SitePipeline } from '../../sites/site-pipeline.ts'
import { maxVisits } from '../../boards/memory-limit.ts'
import { RecordedOrders } from './recorded-orders.ts'
import type { RecordedSpan } from './recorded-orders.ts'

const stepMs = 250

/** What part of the past is shown, and how many times as fast as it went. */
export interface RecordingRequest extends RecordedSpan {
  readonly speed: number
}

export interface RecordingOptions {
  readonly pipeline: Pick<SitePipeline, 'site' | 'catalog' | 'isMissing' | 'translations'>
  readonly database: Database
  /** The clock of the present. */
  readonly clock: Clock
  readonly scope: DepartmentScope
  readonly request: RecordingRequest
  readonly deltas: DeltaSink
  /** Is told how many events are about to be read. @throws AppError when they are too many. */
  readonly reserve: (events: number) => void
  /** The recording has ended, because a step of it could not be shown. */
  readonly failed: (error: unknown) => void
}

/** The past of a site, shown again on boards of its own; it ends by itself and stays at its last picture. */
export class Recording {
  /** Goes before the audience of everything that is sent of it, so that it reaches nobody else. */
  readonly id: string
  readonly view: SiteView
  readonly site: string
  readonly #clock: VirtualClock
  readonly #stop: () => Promise<void>
  #hasFailed = false

  private constructor(
    id: string,
    view: SiteView,
    clock: VirtualClock,
    orders: RecordedOrders,
    options: RecordingOptions,
  ) {
    this.id = id
    this.view = view
    this.site = options.pipeline.site.code
    this.#clock = clock
    const { request, clock: present } = options
    const beganAt = present.elapsed()
    const step = (): void => {
      // What a failed step has taken from the log is missing from every later picture.
      if (this.#hasFailed) return
      const passedMs = (present.elapsed() - beganAt) * request.speed
      // Elapsed time has fractions of a millisecond, which an instant must not have.
      const instant = Math.min(request.to, request.from + Math.floor(passedMs))
      if (instant === clock.now()) return
      view.show(orders.until(instant))
      view.changed()
      clock.stepTo(instant)
    }
    this.#stop = every(present, stepMs, step, (error) => {
      this.#hasFailed = true
      options.failed(error)
    })
  }

  /** @throws AppError `invalid_field` when there is more in the span than can be held. */
  static async open(options: RecordingOptions): Promise<Recording> {
    const { pipeline, database, request, scope, reserve } = options
    const { site, catalog } = pipeline
    const clock = new VirtualClock(request.from)
    const id = `recording ${randomBytes(6).toString('hex')} `
    const view = new SiteView(
      {
        site,
        database,
        clock,
        maxVisits,
        recording: request,
        defaultProcess: () => catalog.defaultProcess,
        isKnown: (process) => catalog.isKnown(process),
        // A source that is late now, or was then, is no matter of what has become of the orders.
        sourcesAt: () => ({
          sources: {},
          lateSourceOf: () => undefined,
          isMissing: (stage, hourAt) => pipeline.isMissing(stage, hourAt),
        }),
        translationsOf: (texts) => pipeline.translations.of(texts),
        position: () => '',
        deltas: {
          delta: (room, delta) => options.deltas.delta({ ...room, audience: `${id}${room.audience}` }, delta),
        },
        built: () => undefined,
        failed: options.failed,
      },
      scope,
    )
    catalog.tell(view)
    const endedSince = request.from - boardLookBackMs
    view.engine.ended.beginAt(endedSince)
    const orders = await RecordedOrders.read(
      database,
      site.code,
      { ...request, endedSince, reserve },
      catalog,
      (page) => view.show(page),
    )
    view.show([...orders.before(request.from)])
    return new Recording(id, view, clock, orders, options)
  }

  /** Why its viewers no longer see what was; none while they do. */
  problems(): BoardProblem[] {
    return this.view.boards.problems(this.#hasFailed ? 'internal' : undefined)
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
