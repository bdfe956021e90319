import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import {
  calendarChoice,
  calendarList,
  holidaysAnswer,
  holidaysRequest,
} from '@stagewatch/shared/contract/calendar-settings.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { missingHolidayYears } from '@stagewatch/shared/domain/time/missing-holiday-years.ts'
import { z } from 'zod'
import { AppError } from '../app-error.ts'
import { mergedCalendar } from '../catalog/merged-calendar.ts'
import { readHolidays } from '../catalog/read-holidays.ts'
import { calendarSpan } from '../query/calendar-span.ts'
import { adminCaller } from './admin-caller.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const tags = ['administration']
const params = z.object({ code: z.string() })
const querystring = z.strictObject({ site: z.string().optional() })

export function registerCalendarRoutes(app: TypedApp, context: RouteContext): void {
  app.get('/api/v1/admin/calendars', {
    config: { access: 'rules.read' },
    schema: { summary: 'Calendars of the site', tags, querystring, response: { 200: calendarList, ...refusals } },
    handler: async (request) => {
      const { engine, catalog } = (await adminCaller(request, context)).pipeline
      const { departments: scope } = callerOf(request)
      const { from, to } = calendarSpan(engine, context.clock.now())
      const calendars = catalog.calendars.map((definition) => ({
        definition,
        missingYears: missingHolidayYears(definition, from, to),
      }))
      const { departments, ...choice } = catalog.calendarChoice
      const seen = Object.entries(departments).filter(([name]) => scope?.includes(name) ?? true)
      return { calendars, choice: { ...choice, departments: Object.fromEntries(seen) }, from, to }
    },
  })

  app.put('/api/v1/admin/calendars/:code', {
    config: { access: 'rules.change' },
    schema: {
      summary: 'Create or replace a calendar',
      tags,
      params,
      querystring,
      body: calendarDefinition,
      response: { 200: calendarDefinition, ...refusals },
    },
    handler: async (request) => {
      if (request.params.code !== request.body.code) {
        throw new AppError('invalid_field', 'the code of the address and of the body differ', { field: 'code' })
      }
      const { pipeline, actor } = await adminCaller(request, context)
      await pipeline.saveCalendar(request.body, actor)
      return request.body
    },
  })

  app.post('/api/v1/admin/calendars/:code/holidays', {
    config: { access: 'rules.change' },
    schema: {
      summary: 'Add a list of public holidays to a calendar',
      tags,
      params,
      querystring,
      body: holidaysRequest,
      response: { 200: holidaysAnswer, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const { pipeline, actor } = await adminCaller(request, context)
      const list = readHolidays(request.body, calendarSpan(pipeline.engine, context.clock.now()).to)
      // Another process may have changed it a moment ago.
      await pipeline.catalog.reload()
      const calendar = pipeline.catalog.calendars.find(({ code }) => code === request.params.code)
      if (calendar === undefined) throw new AppError('not_found', 'there is no such calendar', { field: 'code' })
      const { definition, ...became } = mergedCalendar(calendar, list)
      await pipeline.saveCalendar(definition, actor)
      return { ...became, years: [...list.years] }
    },
  })

  app.put('/api/v1/admin/calendar-choice', {
    config: { access: 'rules.change' },
    schema: {
      summary: 'Say which calendars count where no stage names one',
      tags,
      querystring,
      body: calendarChoice,
      response: { 200: calendarChoice, ...refusals, 422: problem },
    },
    handler: async (request) => {
      const { pipeline, actor } = await adminCaller(request, context)
      await pipeline.chooseCalendars(request.body, actor)
      return request.body
    },
  })
}
