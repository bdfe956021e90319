import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import {
  calendarChoice,
  calendarList,
  holidaysAnswer,
  holidaysRequest,
} from '@stagewatch/shared/contract/calendar-settings.ts'
import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { missingHolidayYears } from '@stagewatch/shared/domain/time/holidays.ts'
import { z } from 'zod'
import { AppError } from '../platform/app-error.ts'
import { mergedCalendar } from './merged-calendar.ts'
import { readHolidays } from './read-holidays.ts'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { actorOf } from '../access/actor.ts'
import { ruleBytes } from '../platform/http/json-body.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { callerOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { RuleRouteOptions } from './rule-service.ts'

const tags = ['administration']
const params = z.object({ code: z.string() })
const mergeAttempts = 5
const querystring = z.strictObject({ site: z.string().optional() })

export function calendarRoutes(app: TypedApp, { sites }: RuleRouteOptions): void {
  app.get('/api/v1/admin/calendars', {
    config: { access: 'rules.read' },
    schema: { summary: 'Calendars of the site', tags, querystring, response: { 200: calendarList, ...refusals } },
    handler: async (request) => {
      const { site, departments: scope } = callerOf(request)
      const rules = await sites.get(site)
      const { catalog } = rules
      const { from, to } = rules.calendarSpan()
      const calendars = catalog.calendars.map((definition) => ({
        definition,
        version: versionOf(definition),
        missingYears: missingHolidayYears(definition, from, to),
      }))
      const { departments, ...choice } = catalog.calendarChoice
      const seen = Object.entries(departments).filter(([name]) => scope?.includes(name) ?? true)
      return {
        calendars,
        choice: { ...choice, departments: Object.fromEntries(seen) },
        choiceVersion: versionOf(catalog.calendarChoice),
        from,
        to,
      }
    },
  })

  app.put('/api/v1/admin/calendars/:code', {
    config: { access: 'rules.change' },
    bodyLimit: ruleBytes,
    schema: {
      summary: 'Create or replace a calendar',
      tags,
      params,
      querystring,
      body: calendarDefinition,
      response: { 200: calendarDefinition, ...refusals, 409: problem },
    },
    handler: async (request) => {
      if (request.params.code !== request.body.code) {
        throw new AppError('invalid_field', 'the code of the address and of the body differ', {
          field: 'code',
          reason: 'mismatch',
        })
      }
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      await rules.saveCalendar(request.body, actorOf(caller), expectedVersion(request.headers))
      return request.body
    },
  })

  app.post('/api/v1/admin/calendars/:code/holidays', {
    config: { access: 'rules.change' },
    bodyLimit: eventLimits.bytesPerRequest,
    schema: {
      summary: 'Add public holidays to a calendar',
      tags,
      params,
      querystring,
      body: holidaysRequest,
      response: { 200: holidaysAnswer, ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      const list = await readHolidays(request.body, rules.calendarSpan().to)
      for (let attempt = 1; ; attempt++) {
        // Another server instance may have changed it a moment ago.
        await rules.catalog.reload()
        const calendar = rules.catalog.calendars.find(({ code }) => code === request.params.code)
        if (calendar === undefined) throw new AppError('not_found', 'there is no such calendar', { field: 'code' })
        const { definition, ...became } = mergedCalendar(calendar, list)
        try {
          await rules.saveCalendar(definition, actorOf(caller), versionOf(calendar))
          return { ...became, years: [...list.years] }
        } catch (error) {
          // Somebody saved it in the meantime: merge the list into their version.
          if (!(error instanceof AppError && error.code === 'conflict') || attempt === mergeAttempts) throw error
        }
      }
    },
  })

  app.put('/api/v1/admin/calendar-choice', {
    config: { access: 'rules.change' },
    bodyLimit: ruleBytes,
    schema: {
      summary: 'Set the default calendars for stages that name none',
      tags,
      querystring,
      body: calendarChoice,
      response: { 200: calendarChoice, ...refusals, 409: problem, 422: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      await rules.chooseCalendars(request.body, actorOf(caller), expectedVersion(request.headers))
      return request.body
    },
  })
}
