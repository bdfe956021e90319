import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import { calendarOf } from '@stagewatch/shared/domain/time/calendar-of.ts'
import { shiftsAround, shiftsEnded, shiftStarts } from '@stagewatch/shared/domain/time/shift-starts.ts'
import type { ShiftsAround, ShiftSpan, ShiftStarts } from '@stagewatch/shared/domain/time/shift-starts.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'

/** The calendars that apply where a stage names none. Values are codes of calendars. */
export interface CalendarChoice {
  /** Undefined means that all time is working time. */
  readonly site?: string
  readonly departments: Readonly<Record<string, string>>
}

/** The calendars of a site, compiled when they are first needed. */
export class SiteCalendars {
  readonly #definitions: ReadonlyMap<string, CalendarDefinition>
  readonly #choice: CalendarChoice
  readonly #hasNoChoice: boolean
  readonly #compiled = new Map<string, WorkingCalendar>()
  /** By code. Each entry is valid until the next shift begins, and is requested often. */
  readonly #shifts = new Map<string, ShiftStarts>()
  /** By code; the same from one instant until another, epoch ms. */
  readonly #around = new Map<string, { readonly from: number; readonly until: number; readonly shifts: ShiftsAround }>()

  /** Applies where no calendar is chosen. */
  readonly #open: WorkingCalendar

  /** @param open applies where no calendar is chosen: all time is working time, with the days of the site. */
  constructor(
    definitions: readonly CalendarDefinition[] = [],
    choice: CalendarChoice = { departments: {} },
    open: WorkingCalendar = alwaysOpen,
  ) {
    this.#open = open
    this.#definitions = new Map(definitions.map((definition) => [definition.code, definition]))
    this.#choice = choice
    this.#hasNoChoice = choice.site === undefined && Object.keys(choice.departments).length === 0
  }

  /** The stage's calendar, else the department's, else the site's; a code without a calendar counts as none. */
  calendarOf(stageCalendar: string | undefined, department: string | undefined): WorkingCalendar {
    if (stageCalendar === undefined && this.#hasNoChoice) return this.#open
    const { site } = this.#choice
    const ofDepartment = this.#codeOf(department)
    return this.#find(stageCalendar) ?? this.#find(ofDepartment) ?? this.#find(site) ?? this.#open
  }

  /**
   * The starts of shifts around an instant, by the calendar of the department, else that of the site. Undefined if
   * there is no calendar, or it has no shifts.
   */
  shiftsAt(department: string | undefined, at: number): ShiftStarts | undefined {
    const definition = this.#definitionFor(department)
    if (definition === undefined) return undefined
    const known = this.#shifts.get(definition.code)
    if (known !== undefined && known.current <= at && at < (known.next ?? -Infinity)) return known
    const found = shiftStarts(definition, at)
    if (found !== undefined) this.#shifts.set(definition.code, found)
    return found
  }

  /** The shifts before, at and after an instant by the same calendar; none where there is none. */
  shiftsAround(department: string, at: number): ShiftsAround {
    const definition = this.#definitionFor(department)
    if (definition === undefined) return {}
    const known = this.#around.get(definition.code)
    if (known !== undefined && known.from <= at && at < known.until) return known.shifts
    const shifts = shiftsAround(definition, at)
    const until = Math.min(shifts.current?.end ?? Infinity, shifts.next?.start ?? Infinity)
    this.#around.set(definition.code, { from: at, until, shifts })
    return shifts
  }

  /** The shifts by the same calendar that end after one instant and not after another, see `shiftsEnded`. */
  shiftsEnded(department: string, after: number, until: number): readonly ShiftSpan[] {
    const definition = this.#definitionFor(department)
    return definition === undefined ? [] : shiftsEnded(definition, after, until)
  }

  /** A copy in which the calendar of a code is replaced, or removed. */
  with(code: string, definition: CalendarDefinition | undefined): SiteCalendars {
    const others = [...this.#definitions.values()].filter((other) => other.code !== code)
    return new SiteCalendars(definition === undefined ? others : [...others, definition], this.#choice, this.#open)
  }

  /** A copy with the same calendars and another choice. */
  choosing(choice: CalendarChoice): SiteCalendars {
    return new SiteCalendars([...this.#definitions.values()], choice, this.#open)
  }

  #definitionFor(department: string | undefined): CalendarDefinition | undefined {
    const codes = [this.#codeOf(department), this.#choice.site]
    return codes.map((code) => this.#definitions.get(code ?? '')).find((found) => found !== undefined)
  }

  #codeOf(department: string | undefined): string | undefined {
    const { departments } = this.#choice
    return department !== undefined && Object.hasOwn(departments, department) ? departments[department] : undefined
  }

  #find(code: string | undefined): WorkingCalendar | undefined {
    if (code === undefined) return undefined
    const known = this.#compiled.get(code)
    if (known !== undefined) return known
    const definition = this.#definitions.get(code)
    if (definition === undefined) return undefined
    const compiled = calendarOf(definition)
    this.#compiled.set(code, compiled)
    return compiled
  }
}
