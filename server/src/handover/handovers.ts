import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { maxMissedShifts } from '@stagewatch/shared/contract/handover.ts'
import type { HandoverContent } from '@stagewatch/shared/contract/handover.ts'
import { textsOf } from '@stagewatch/shared/domain/departments.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import type { ShiftSpan } from '@stagewatch/shared/domain/time/shift-starts.ts'
import type { BackgroundTasks } from '../platform/background-tasks.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { coalesce } from '../platform/coalesce.ts'
import type { SiteCalendars } from '../rules/site-calendars.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { buildContent } from './build-content.ts'
import type { ContentPeriod } from './build-content.ts'
import { addHandover, lastHandedOver, loadNotes, loadSettings } from './handovers-table.ts'
import type { StoredSettings } from './handovers-table.ts'
import { sendHandover } from './send-handover.ts'
import { findShiftLeads } from './shift-leads.ts'

const lookEveryMs = 15_000
const minuteMs = 60_000

interface HandoversOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

/** A shift that has ended and is to be handed over. */
interface EndedShift {
  readonly shift: ShiftSpan
  readonly next: ShiftSpan | undefined
  /** Earlier shifts that were never handed over, earliest first. */
  readonly missed: readonly ShiftSpan[]
}

/**
 * Makes a handover at the end of each shift of the departments that have enabled it. The first server instance that
 * notices the end stores it; the unique key of the table rejects duplicates from other instances.
 */
export class Handovers {
  readonly #options: HandoversOptions
  /** End of the last shift that needs no more work, by site and department; saves a database query. */
  readonly #done = new Map<string, number>()

  constructor(options: HandoversOptions) {
    this.#options = options
  }

  startTasks(tasks: BackgroundTasks): void {
    tasks.start({ name: 'make-handovers', schedule: { everyMs: lookEveryMs }, instances: 'one', run: this.look })
  }

  /** Hands over all shifts that ended since the last call. A failing department does not block the others. */
  readonly look = coalesce(async () => {
    const errors: unknown[] = []
    for (const pipeline of await this.#options.sites.list()) {
      for (const settings of await loadSettings(this.#options.database, pipeline.site.code)) {
        const department = pipeline.departments.now.find(({ key }) => key === settings.department)
        if (!settings.enabled || department === undefined || department.archived) continue
        await this.#handOver(pipeline, department, settings).catch((error: unknown) => errors.push(error))
      }
    }
    if (errors.length > 0) throw errors[0]
  })

  async #handOver(pipeline: SitePipeline, department: Department, settings: StoredSettings): Promise<void> {
    const { database, clock } = this.#options
    const { site, engine } = pipeline
    const now = clock.now()
    const key = `${site.code}/${department.key}`
    const { calendars } = engine.rules
    const { ended } = calendars.shiftsAround(department.key, now)
    if (ended === undefined || this.#done.get(key) === ended.end) return
    const due = await this.#dueShift(calendars, settings, ended, now)
    if (due === undefined) {
      this.#done.set(key, ended.end)
      return
    }
    const { shift, next, missed } = due
    const source = { database, site: site.code, engine, department: textsOf(department) }
    const content = await buildContent(source, periodOf(calendars, department.key, due), now)
    const leads = await findShiftLeads(database, pipeline, department, settings.leads, { ended: shift, next })
    await database.transaction(async (tx) => {
      const id = await addHandover(tx, site.code, {
        department: department.key,
        shiftStart: shift.start,
        shiftEnd: shift.end,
        nextStart: next?.start ?? null,
        nextEnd: next?.end ?? null,
        madeAt: now,
        content,
        missed: missed.slice(-maxMissedShifts),
        fromIds: leads.from,
        toldIds: leads.to,
        confirmBy: Math.max(now, next?.start ?? now) + settings.confirmWithinMinutes * minuteMs,
      })
      if (id !== undefined) await this.#tell(tx, pipeline, department, { id, due, content, to: leads.to, now })
    })
    this.#done.set(key, ended.end)
  }

  /**
   * Undefined: the shift has been handed over, or ended before handovers were switched on. A shift counts as handed
   * over if a handover exists for any end later than its start, so that a later calendar change repeats no handover.
   */
  async #dueShift(
    calendars: SiteCalendars,
    { site, department, enabledAt }: StoredSettings,
    shift: ShiftSpan,
    now: number,
  ): Promise<EndedShift | undefined> {
    if (shift.end <= enabledAt) return undefined
    const last = await lastHandedOver(this.#options.database, site, department, now)
    if (last !== undefined && last > shift.start) return undefined
    const { current, next } = calendars.shiftsAround(department, now)
    const missed = calendars
      .shiftsEnded(department, Math.max(last ?? enabledAt, enabledAt), shift.start)
      .filter(({ end }) => end < shift.end)
    return { shift, next: current ?? next, missed }
  }

  async #tell(
    tx: Queryable,
    pipeline: SitePipeline,
    department: Department,
    told: {
      readonly id: number
      readonly due: EndedShift
      readonly content: HandoverContent
      readonly to: readonly string[]
      readonly now: number
    },
  ): Promise<void> {
    const { id, due, content, to, now } = told
    const notes = await loadNotes(tx, pipeline.site.code, department.key, id)
    await sendHandover(tx, pipeline, to, {
      id,
      department,
      shift: due.shift,
      missedCount: due.missed.length,
      noteCount: notes.length,
      content,
      now,
    })
  }
}

/**
 * A handover covers the time since the end of the previous shift, or since the start of the first missed shift, so that
 * there is no gap between two handovers.
 */
function periodOf(calendars: SiteCalendars, department: string, { shift, next, missed }: EndedShift): ContentPeriod {
  const from = missed[0]?.start ?? calendars.shiftsAround(department, shift.start).ended?.end ?? shift.start
  return { from, to: shift.end, promised: promisedAfter(calendars, department, shift, next) }
}

/** From the end of a shift to the start of the shift after the next one, so that each promise belongs to one shift. */
export function promisedAfter(
  calendars: SiteCalendars,
  department: string,
  { end }: ShiftSpan,
  next: ShiftSpan | undefined,
): ShiftSpan {
  if (next === undefined) return { start: end, end: Infinity }
  return { start: end, end: calendars.shiftsAround(department, next.start).next?.start ?? Infinity }
}
