import type { ContentLine } from './content-lines.ts'
import { contentLines } from './content-lines.ts'
import type { HolidayGatherer } from './holiday-file.ts'

/** The properties of a VEVENT by name; nested components, such as an alarm, are left out. */
export interface CalendarEvent {
  readonly line: number
  readonly properties: ReadonlyMap<string, readonly ContentLine[]>
}

/** Maximum nesting depth; an alarm in an event in a calendar is the deepest that occurs. */
const deepest = 10

/** The events of an iCalendar file. A truncated file is a problem, not a shorter list. */
export function* calendarEvents(text: string, gatherer: HolidayGatherer): Generator<CalendarEvent> {
  const open: string[] = []
  let event: { line: number; properties: Map<string, ContentLine[]> } | undefined
  let last = 1
  for (const content of contentLines(text, gatherer)) {
    const { name, line } = content
    const component = content.value.trim().toUpperCase()
    last = line
    if (open.length === 0 && (name !== 'BEGIN' || component !== 'VCALENDAR')) {
      return gatherer.reject({ line, field: name }, 'BEGIN:VCALENDAR is expected here')
    }
    if (name === 'BEGIN') {
      if (open.length === deepest)
        return gatherer.refuse({ line, field: name }, `is nested in more than ${deepest} others`)
      open.push(component)
      if (component === 'VEVENT') event = { line, properties: new Map() }
    } else if (name === 'END') {
      if (open.pop() !== component)
        return gatherer.reject({ line, field: name }, `${component} does not match the component that is open here`)
      if (component === 'VEVENT' && event !== undefined) yield event
    } else if (open.at(-1) === 'VEVENT') {
      const known = event?.properties.get(name)
      if (known === undefined) event?.properties.set(name, [content])
      else known.push(content)
    }
  }
  const unfinished = gatherer.isRefused ? undefined : open.at(-1)
  if (unfinished !== undefined) gatherer.reject({ line: last, field: unfinished }, 'the file ends within it')
}

/**
 * The value of a single-valued property as text (RFC 5545, section 3.3.11); undefined if the event does not have it.
 */
export function textOf({ properties }: CalendarEvent, name: string): string | undefined {
  const value = properties.get(name)?.[0]?.value
  return value?.replaceAll(/\\([\\;,nN])/g, (_, escaped: string) => (/n/i.test(escaped) ? ' ' : escaped)).trim()
}
