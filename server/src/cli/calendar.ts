import { parseArgs } from 'node:util'
import type { CalendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { callServerApi, withServer } from './call-server-api.ts'
import { addHolidays } from './calendar-holidays.ts'
import { chooseCalendar } from './choose-calendar.ts'
import type { Command, ExitCode, Terminal } from './command.ts'
import { exitCode, siteHelp, siteOptions, UsageError } from './command.ts'
import { readCodedFile } from './read-text-file.ts'

export const calendarCommand: Command = {
  name: 'calendar',
  summary: 'list and set working calendars, and add public holidays to them',
  help: `list
       stagewatch calendar set FILE.json [--version VERSION]
       stagewatch calendar holidays CODE FILE
       stagewatch calendar holidays CODE --china
       stagewatch calendar choose CODE [--department NAME]
       stagewatch calendar choose --none [--department NAME]

  list                  the calendars, the years without known holidays, and the defaults
  set                   create a calendar, or replace all of it, its holidays too
  holidays              add the days of FILE to a calendar: iCalendar (.ics), or a yearly file
                        of holiday-cn (.json); the days of the file count
  choose                set the default calendar, for stages that name none

  --version VERSION     set only if the stored version is still this one (see list)
  --china               the holidays and make-up days of the State Council's notices
  --department NAME     choose for this department, not for the whole site
  --none                remove the default
${siteHelp}`,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...siteOptions,
        china: { type: 'boolean', default: false },
        none: { type: 'boolean', default: false },
        department: { type: 'string' },
        version: { type: 'string' },
      },
      allowPositionals: true,
    })
    const [action, ...rest] = positionals
    switch (action) {
      case 'list':
        return listCalendars(rest, values, terminal)
      case 'set':
        return setCalendar(rest, values, terminal)
      case 'holidays':
        return addHolidays(rest, values, terminal)
      case 'choose':
        return chooseCalendar(rest, values, terminal)
      case undefined:
      default:
        throw new UsageError('calendar has four commands: list, set, holidays, choose')
    }
  },
}

interface Values {
  readonly site: string
  readonly json: boolean
}

async function listCalendars(rest: readonly string[], { site, json }: Values, terminal: Terminal): Promise<ExitCode> {
  if (rest.length > 0) throw new UsageError('calendar list takes no name')
  const list = await callServerApi<CalendarList>(site, { method: 'GET', path: '/api/v1/admin/calendars' }, terminal)
  if (json) {
    terminal.print(JSON.stringify(list))
    return exitCode.done
  }
  if (list.calendars.length === 0) terminal.print('there are no calendars: all time is working time')
  for (const { definition, missingYears, version } of list.calendars) {
    const { timeZone, holidays } = definition.versions.at(-1) ?? { timeZone: '', holidays: [] }
    const missing = missingYears.length === 0 ? '' : `, no holidays known for ${missingYears.join(', ')}`
    terminal.print(`${definition.code}: ${timeZone}, ${holidays.length} special days${missing}; version ${version}`)
  }
  const { site: ofSite, departments } = list.choice
  if (ofSite !== undefined) terminal.print(`the site uses ${ofSite}`)
  for (const [name, code] of Object.entries(departments)) terminal.print(`department ${name} uses ${code}`)
  return exitCode.done
}

async function setCalendar(
  rest: readonly string[],
  { site, json, version }: Values & { readonly version?: string | undefined },
  terminal: Terminal,
): Promise<ExitCode> {
  const [path, ...more] = rest
  if (path === undefined || more.length > 0) throw new UsageError('name one file')
  const body = await readCodedFile(path)
  const [before, saved] = await withServer(
    site,
    terminal,
    async (ask) => {
      const { calendars } = await ask<CalendarList>({ method: 'GET', path: '/api/v1/admin/calendars' })
      const address = `/api/v1/admin/calendars/${encodeURIComponent(body.code)}`
      const known = calendars.find(({ definition }) => definition.code === body.code)
      const expected = version ?? known?.version
      return [
        known?.definition,
        await ask<CalendarDefinition>({ method: 'PUT', path: address, body, version: expected }),
      ]
    },
    'site',
  )
  const lost = holidayCount(before) - holidayCount(saved)
  if (lost > 0) terminal.note(`it has ${lost} fewer holidays than before: add them again with calendar holidays`)
  terminal.print(json ? JSON.stringify(saved) : `calendar ${body.code} is set`)
  return exitCode.done
}

function holidayCount(calendar: CalendarDefinition | undefined): number {
  return calendar?.versions.reduce((sum, { holidays }) => sum + holidays.length, 0) ?? 0
}
