import {
  holidaysAnswer,
  type CalendarChoice,
  type HolidaysRequest,
} from '@stagewatch/shared/contract/calendar-settings.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ignoredResponse, request } from '../../../api/request.ts'
import { useMe } from '../../../api/session.ts'
import { calendarsQuery } from '../api.ts'

/** @param version of the overwritten calendar; undefined: a new one. */
export function useSaveCalendar(version: string | undefined) {
  const { site, refresh } = useRefreshed()
  return useMutation({
    mutationFn: (body: CalendarDefinition) =>
      request({
        path: pathOf(body.code),
        method: 'PUT',
        body,
        response: ignoredResponse,
        site,
        ...(version !== undefined && { version }),
      }),
    onSettled: refresh,
  })
}

export function useAddHolidays(calendar: string) {
  const { site, refresh } = useRefreshed()
  return useMutation({
    mutationFn: (body: HolidaysRequest) =>
      request({ path: `${pathOf(calendar)}/holidays`, method: 'POST', body, response: holidaysAnswer, site }),
    onSettled: refresh,
  })
}

export function useChooseCalendars(version: string) {
  const { site, refresh } = useRefreshed()
  return useMutation({
    mutationFn: (body: CalendarChoice) =>
      request({ path: '/api/v1/admin/calendar-choice', method: 'PUT', body, version, response: ignoredResponse, site }),
    onSettled: refresh,
  })
}

function useRefreshed() {
  const { site } = useMe()
  const queries = useQueryClient()
  return { site, refresh: () => queries.invalidateQueries({ queryKey: calendarsQuery(site).queryKey }) }
}

function pathOf(calendar: string): string {
  return `/api/v1/admin/calendars/${encodeURIComponent(calendar)}`
}
