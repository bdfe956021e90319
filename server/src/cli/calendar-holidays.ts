import type { HolidaysAnswer, HolidaysRequest } from '@stagewatch/shared/contract/calendar-settings.ts'
import { plural } from '../platform/english-text.ts'
import { callServerApi } from './call-server-api.ts'
import type { ExitCode, Terminal } from './command.ts'
import { exitCode, UsageError } from './command.ts'
import { readTextFile } from './read-text-file.ts'

interface HolidayValues {
  readonly site: string
  readonly json: boolean
  readonly china: boolean
}

/** Adds a list of public holidays to a calendar. */
export async function addHolidays(
  rest: readonly string[],
  { site, json, china }: HolidayValues,
  terminal: Terminal,
): Promise<ExitCode> {
  const [code, path, ...more] = rest
  if (code === undefined || more.length > 0) throw new UsageError('name one calendar, and one file or --china')
  if ((path === undefined) !== china) throw new UsageError('name one file or --china')
  const body: HolidaysRequest = path === undefined ? { format: 'china' } : await readHolidayFile(path)
  const address = `/api/v1/admin/calendars/${encodeURIComponent(code)}/holidays`
  const answer = await callServerApi<HolidaysAnswer>(site, { method: 'POST', path: address, body }, terminal)
  const { added, replaced, ignored, years } = answer
  terminal.print(
    json
      ? JSON.stringify(answer)
      : `${plural(added, 'day')} added, ${replaced} replaced, ${ignored} known already; whole years: ${years.join(', ') || 'none'}`,
  )
  return exitCode.done
}

async function readHolidayFile(path: string): Promise<HolidaysRequest> {
  const name = path.toLowerCase()
  if (name.endsWith('.ics')) return { format: 'icalendar', text: await readTextFile(path) }
  if (name.endsWith('.json')) return { format: 'holiday-cn', text: await readTextFile(path) }
  throw new UsageError(`${path} should end in .ics (iCalendar) or .json (holiday-cn)`)
}
