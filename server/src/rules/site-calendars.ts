import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import { calendarOf } from '@stagewatch/shared/domain/time/calendar-of.ts'
import { shiftStarts } from '@stagewatch/shared/domain/time/shift-starts.ts'
import type { ShiftStarts } from '@stagewatch/shared/domain/time/shift-starts.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'

/** Which calendar counts where no stage names one. Codes of calendars. */
export interface CalendarChoice {
  /** Undefined: all time is working time. */
  readonly site?: string
  readonly departments: Readonly<Record<string, string>>
}

/** The calendars of a site, compiled when they are first needed. */
export class SiteCalendars {
  readonly #definitions: ReadonlyMap<string, CalendarDefinition>
  readonly #choice: CalendarChoice
  readonly #hasNoChoice: boolean
  readonly #compiled = new Map<string, WorkingCalendar>()
  /** By code; each holds until the next shift begins, and is asked for again and again. */
  readonly #shifts = new Map<string, ShiftStarts>()

  /** Where nothing is chosen. */
  readonly #open: WorkingCalendar

  /** @param open counts where nothing is chosen: all time, with the days of the site. */
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

  /** The stage's calendar, else that of the department, else that of the site; a code without a calendar counts as none. */
  calendarOf(stageCalendar: string | undefined, department: string | undefined): WorkingCalendar {
    if (stageCalendar === undefined && this.#hasNoChoice) return this.#open
    const { site } = this.#choice
    const ofDepartment = this.#codeOf(department)
    return this.#find(stageCalendar) ?? this.#find(ofDepartment) ?? this.#find(site) ?? this.#open
  }

  /**
   * When shifts begin around an instant by the calendar of the department, else that of the site. Undefined: there is
   * none, or it has no shifts.
   */
  shiftsAt(department: string | undefined, at: number): ShiftStarts | undefined {
    const codes = [this.#codeOf(department), this.#choice.site]
    const definition = codes.map((code) => this.#definitions.get(code ?? '')).find((found) => found !== undefined)
    if (definition === undefined) return undefined
    const known = this.#shifts.get(definition.code)
    if (known !== undefined && known.current <= at && at < (known.next ?? -Infinity)) return known
    const found = shiftStarts(definition, at)
    if (found !== undefined) this.#shifts.set(definition.code, found)
    return found
  }

  /** The same with another calendar of a code, or without it. */
  with(code: string, definition: CalendarDefinition | undefined): SiteCalendars {
    const others = [...this.#definitions.values()].filter((other) => other.code !== code)
    return new SiteCalendars(definition === undefined ? others : [...others, definition], this.#choice, this.#open)
  }

  /** The same calendars, chosen otherwise. */
  choosing(choice: CalendarChoice): SiteCalendars {
    return new SiteCalendars([...this.#definitions.values()], choice, this.#open)
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
