import { holidaysAnswer } from '@stagewatch/shared/contract/calendar-settings.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requireRouteAccess } from '../access/route-access.ts'
import { AppError } from '../platform/app-error.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { versionOf } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { TrustedProxies } from '../platform/http/client-address.ts'
import { newHttpApp } from '../platform/http/http-app.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { FailedAttempts } from '../platform/rate-limits/failed-attempts.ts'
import { calendarRoutes } from './calendar-routes.ts'
import type { RuleService } from './rule-service.ts'

const dayOff = (date: string) => ({ date, working: false, name: '元旦' })
const conflict = new AppError('conflict', 'somebody else has saved it')

let http: TypedApp
/** As stored, which another server instance may have changed since it was loaded. */
let stored: CalendarDefinition
/** The versions that were to be replaced. */
let saves: ExpectedVersion[]
/** What saving does before it succeeds. */
let refuse: () => void

beforeEach(() => {
  stored = plantCalendar({})
  saves = []
  refuse = () => undefined
  const catalog = { calendars: [] as CalendarDefinition[], reload: async () => void (catalog.calendars = [stored]) }
  const rules = {
    catalog,
    calendarSpan: () => ({ from: Date.UTC(2025, 10, 29), to: Date.UTC(2028, 10, 29) }),
    saveCalendar: async (definition: CalendarDefinition, _actor: unknown, expected: ExpectedVersion = null) => {
      saves.push(expected)
      refuse()
      stored = definition
    },
  }
  http = newHttpApp(pino({ level: 'silent' }))
  const caller = { kind: 'person', name: 'ada@example.com', role: 'administrator', site: 'main' } as const
  requireRouteAccess(http, {
    keys: { find: () => Promise.resolve(undefined) },
    failures: new FailedAttempts(new VirtualClock(0)),
    proxies: new TrustedProxies(),
    localAdminToken: 'local-admin-token',
    readsOpen: false,
    defaultSite: () => 'main',
    findPerson: () => Promise.resolve({ ...caller, actions: new Set(['rules.change'] as const), privacy: openPrivacy }),
  })
  // The route needs no other part of the rules.
  calendarRoutes(http, { sites: { get: () => Promise.resolve(rules as unknown as RuleService) } })
})
afterEach(() => http.close())

function addHolidays(calendar: string, ...dates: readonly string[]) {
  const days = dates.map((date) => ({ name: '元旦', date, isOffDay: true }))
  const text = JSON.stringify({ year: 2026, papers: ['https://www.gov.cn/'], days })
  const url = `/api/v1/admin/calendars/${calendar}/holidays`
  return http.inject({ url, method: 'POST', headers: { cookie: 'session=1' }, payload: { format: 'holiday-cn', text } })
}

describe('holidays of a list', () => {
  it('are merged into what somebody else has saved meanwhile', async () => {
    const before = versionOf(stored)
    const theirs = plantCalendar({ holidays: [dayOff('2026-01-01'), dayOff('2026-05-01')] })
    refuse = () => {
      refuse = () => undefined
      stored = theirs
      throw conflict
    }
    const reply = await addHolidays(stored.code, '2026-01-01', '2026-01-02')
    expect(holidaysAnswer.parse(reply.json())).toEqual({ added: 1, replaced: 0, ignored: 1, years: [2026] })
    expect(saves).toEqual([before, versionOf(theirs)])
    expect(stored.versions[0]?.holidays).toEqual(['2026-01-01', '2026-01-02', '2026-05-01'].map(dayOff))
  })

  it('are refused once somebody else has saved the calendar five times meanwhile', async () => {
    refuse = () => {
      if (saves.length < 20) throw conflict
    }
    expect((await addHolidays(stored.code, '2026-01-01')).statusCode).toBe(409)
    expect(saves).toHaveLength(5)
  })

  it('are refused at once for any other reason', async () => {
    refuse = () => {
      throw new AppError('not_found', 'there is no such site')
    }
    expect((await addHolidays(stored.code, '2026-01-01')).statusCode).toBe(404)
    expect(saves).toHaveLength(1)
    expect((await addHolidays('moon', '2026-01-01')).statusCode).toBe(404)
    expect(saves).toHaveLength(1)
  })
})
