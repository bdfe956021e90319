import type { CalendarChoice, CalendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import { withServer } from './call-server-api.ts'
import type { ExitCode, Terminal } from './command.ts'
import { exitCode, UsageError } from './command.ts'

interface ChoiceValues {
  readonly site: string
  readonly json: boolean
  readonly none: boolean
  readonly department?: string | undefined
}

/** Sets the calendar of the site, or of one of its departments. */
export async function chooseCalendar(
  rest: readonly string[],
  { site, json, none, department }: ChoiceValues,
  terminal: Terminal,
): Promise<ExitCode> {
  const [code, ...more] = rest
  if ((code === undefined) !== none || more.length > 0) throw new UsageError('name one calendar or --none')
  const choice = await withServer(
    site,
    terminal,
    async (ask) => {
      const before = await ask<CalendarList>({ method: 'GET', path: '/api/v1/admin/calendars' })
      const body = changedChoice(before.choice, department, code)
      return ask<CalendarChoice>({
        method: 'PUT',
        path: '/api/v1/admin/calendar-choice',
        body,
        version: before.choiceVersion,
      })
    },
    'site',
  )
  const who = department === undefined ? 'the site' : `department ${department}`
  terminal.print(json ? JSON.stringify(choice) : `${who} uses ${code ?? 'no calendar of its own'}`)
  return exitCode.done
}

function changedChoice(
  { site, departments }: CalendarChoice,
  department: string | undefined,
  code: string | undefined,
): CalendarChoice {
  if (department === undefined) return { departments, ...(code !== undefined && { site: code }) }
  const { [department]: _, ...others } = departments
  return {
    departments: code === undefined ? others : { ...others, [department]: code },
    ...(site !== undefined && { site }),
  }
}
