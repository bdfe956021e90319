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

/** The period to replay, and the speed as a multiple of real time. */
export interface RecordingRequest extends RecordedSpan {
  readonly speed: number
}

export interface RecordingOptions {
  readonly pipeline: Pick<SitePipeline, 'site' | 'catalog' | 'departments' | 'isMissing' | 'translations'>
  readonly database: Database
  /** The real-time clock. */
  readonly clock: Clock
  readonly scope: DepartmentScope
  readonly request: RecordingRequest
  readonly deltas: DeltaSink
  /** Receives the number of events that will be read. @throws AppError if they are too many. */
  readonly reserve: (events: number) => void
  /** Called when the recording has ended because a step failed. */
  readonly failed: (error: unknown) => void
}

/** Replays the past of a site on boards of its own. It ends by itself and then keeps showing the last picture. */
export class Recording {
  /** Prefix of the audience of all its messages, so that they reach no other viewers. */
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
      // After a failed step, all later pictures would lack its changes.
      if (this.#hasFailed) return
      const passedMs = (present.elapsed() - beganAt) * request.speed
      // Elapsed time has fractions of a millisecond, which an instant must not have.
      const instant = Math.min(request.to, request.from + Math.floor(passedMs))
      if (instant === clock.now()) return
      view.applyOrders(orders.until(instant))
      view.changed()
      clock.stepTo(instant)
    }
    this.#stop = every(present, stepMs, step, (error) => {
      this.#hasFailed = true
      options.failed(error)
    })
  }

  /** @throws AppError `invalid_field` if the period has too many events to keep. */
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
        // Late sources, now or at that time, do not affect the replayed orders.
        sourcesAt: () => ({
          sources: {},
          lateSourceOf: () => undefined,
          isMissing: (stage, hourAt) => pipeline.isMissing(stage, hourAt),
        }),
        departmentTexts: () => pipeline.departments.texts,
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
    view.engine.ended.startAt(endedSince)
    const orders = await RecordedOrders.read(
      database,
      site.code,
      { ...request, endedSince, reserve },
      catalog,
      (page) => view.applyOrders(page),
    )
    view.applyOrders([...orders.before(request.from)])
    return new Recording(id, view, clock, orders, options)
  }

  /** Why its viewers no longer see correct data; empty while they do. */
  problems(): BoardProblem[] {
    return this.view.boards.problems(this.#hasFailed ? 'internal' : undefined)
  }

  /** The instant being shown. */
  get now(): number {
    return this.#clock.now()
  }

  close(): void {
    void this.#stop()
    this.view.close()
  }
}
