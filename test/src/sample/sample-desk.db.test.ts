import { alertList } from '@stagewatch/shared/contract/alerts.ts'
import { alertRuleList } from '@stagewatch/shared/contract/alert-rules.ts'
import { approvalList } from '@stagewatch/shared/contract/approvals.ts'
import { handoverList } from '@stagewatch/shared/contract/handover.ts'
import { taskBoard } from '@stagewatch/shared/contract/tasks.ts'
import { skillList, teamList } from '@stagewatch/shared/contract/team.ts'
import { systemClock } from '@stagewatch/server/platform/clock/clock.ts'
import { openSample } from '@stagewatch/server/sample/open-sample.ts'
import { departments } from '@stagewatch/server/sample/plant-staff.ts'
import { workOnce } from '@stagewatch/server/sample/staff-work.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { newVisitor } from '../identity/visitor.ts'
import type { Visitor } from '../identity/visitor.ts'

const embedded = process.env['TEST_DATABASE_URL'] === undefined
let server: StartedServer
let manager: Visitor

async function restart(): Promise<void> {
  const { database } = server
  const options = { database, sites: server.server.sites, clock: systemClock, logger: pino({ level: 'silent' }) }
  const again = await openSample(options)
  await again.caughtUp
  await again.stop()
}

const get = async (path: string) => (await manager.call(path)).body

describe(
  'the desk of the sample',
  skipUnless(embedded, 'what a visitor of the sample finds (it cannot be entered on PostgreSQL)'),
  () => {
    beforeAll(async () => {
      server = await startServer({ demo: true })
      manager = newVisitor(server.url)
      await manager.call('/api/v1/sample/enter', { body: { role: 'manager' } })
    }, 300_000)
    afterAll(() => server.close())

    it('has rules named in each language, and alerts of which some are acknowledged', async () => {
      const { rules } = alertRuleList.parse(await get('/api/v1/alert-rules'))
      expect(rules.map(({ names, enabled }) => [names?.['en'], names?.['zh'], enabled])).toEqual([
        ['Overdue', '环节超时', true],
        ['Stalled', '订单停滞', true],
        ['On hold too long', '挂起过久', true],
        ['Data source silent', '数据源中断', true],
      ])
      const { alerts } = alertList.parse(await get('/api/v1/alerts?limit=200'))
      const states = new Set(alerts.map(({ state }) => state))
      expect([...states].toSorted()).toEqual(['acknowledged', 'open'])
    })

    it('notifies nobody of what is in its history, and sends nothing outside', async () => {
      const [imported] = await server.database.query<{ count: number }>(`
        select count(*)::int as count from alert_notices n join alerts a on a.site = n.site and a.id = n.alert_id
        where a.is_silent`)
      expect(imported).toEqual({ count: 0 })
      const { alerts } = alertList.parse(await get('/api/v1/alerts?limit=200'))
      expect(alerts.filter(({ isSilent }) => isSilent).length).toBeGreaterThan(10)
      const ways = await server.database.query<{ channel: string }>(`
        select distinct channel_id as channel from messages where channel_id <> 'inbox'`)
      expect(ways).toEqual([])
    })

    it('has tasks in every column, each of an order, with the staff of its department', async () => {
      const board = taskBoard.parse(await get('/api/v1/tasks'))
      const counts = Object.entries(board.columns).map(([state, { count }]) => [state, count > 0])
      expect(counts).toEqual(['unclaimed', 'inProgress', 'waiting', 'toVerify', 'closed'].map((state) => [state, true]))
      const names = Object.values(board.tasks).flatMap(({ assignee, about }) => [assignee?.name, about?.customer])
      const untranslated = names.filter(
        (name) => name !== undefined && board.translations?.[name]?.['en'] === undefined,
      )
      expect(untranslated).toEqual([])
      const staff = Object.values(departments)
      for (const { department, assignee, order, titles } of Object.values(board.tasks)) {
        expect(order).toBeDefined()
        expect(titles).toMatchObject({ zh: expect.any(String), en: expect.any(String) })
        const people = staff.find(({ name }) => name === department)?.people ?? {}
        expect([undefined, ...Object.values(people).flat()]).toContain(assignee?.name)
      }
    })

    it('has an approval that waits for the visitor, and goes on once they approve', async () => {
      const waiting = () => get('/api/v1/approvals').then((body) => approvalList.parse(body))
      const first = await eventually(async () => {
        const { approvals, waitingCount } = await waiting()
        expect(waitingCount).toBe(2)
        return approvals[0]!
      }, 200)
      const body = { action: 'approve' }
      expect(await manager.call(`/api/v1/approvals/${first.id}/actions`, { body })).toMatchObject({ status: 200 })
      expect((await waiting()).waitingCount).toBe(1)
      const pipeline = await server.server.sites.get('sample')
      const submit = () => Promise.reject(new Error('one is still waiting at the second step'))
      await workOnce({ database: server.database, pipeline, clock: systemClock, submit })
    })

    it('has a shift that waits to be confirmed, and the people of each department', async () => {
      const { people } = teamList.parse(await get('/api/v1/team'))
      const named = Object.values(departments).map(({ name }) => name)
      expect(new Set(people.flatMap((person) => person.departments ?? []))).toEqual(new Set(named))
      expect(people.filter(({ absences }) => absences.length > 0)).toHaveLength(1)
      const staff = people.filter(({ departments: own }) => own !== undefined)
      expect(staff.filter(({ skills }) => skills.length === 0)).toEqual([])
      const { skills: offered } = skillList.parse(await get('/api/v1/skills'))
      for (const { key, name } of offered) {
        expect([key, name]).toEqual([key, { zh: expect.any(String), en: expect.any(String) }])
        // So that a task that needs it has somebody in another shift, too.
        expect([key, staff.filter(({ skills }) => skills.includes(key)).length > 1]).toEqual([key, true])
      }
      await eventually(async () => {
        const { handovers } = handoverList.parse(await get('/api/v1/handovers'))
        expect(new Set(handovers.map(({ department }) => department))).toEqual(new Set(named))
      }, 500)
    })

    it('is set up once: what visitors have changed stays after a restart', async () => {
      const { rules } = alertRuleList.parse(await get('/api/v1/alert-rules'))
      expect(await manager.call(`/api/v1/alert-rules/${rules[0]?.id}`, { method: 'DELETE' })).toMatchObject({
        status: 200,
      })
      await restart()
      expect(alertRuleList.parse(await get('/api/v1/alert-rules')).rules).toHaveLength(3)
    })

    it('is completed at the next start where it was interrupted', async () => {
      const { database } = server
      const tasks = async () => (await database.query('select id from tasks')).length
      const before = await tasks()
      // In the middle of the rules, and with the skills still to come.
      await database.query(`update settings set value = '4' where name = 'sample_desk'`)
      await database.query(`update sites set skills = '[]' where code = 'sample'`)
      await database.query(`update member_settings set skills = '{}' where site = 'sample'`)
      await restart()
      const { rules } = alertRuleList.parse(await get('/api/v1/alert-rules'))
      expect(new Set(rules.map(({ names }) => names?.['en'])).size).toBe(4)
      expect(rules).toHaveLength(4)
      expect(await tasks()).toBe(before)
      expect(skillList.parse(await get('/api/v1/skills')).skills.length).toBeGreaterThan(10)
      expect(await database.query(`select value from settings where name = 'sample_desk'`)).toEqual([{ value: '6' }])
    })

    it('of an earlier release gets what this one adds, and nothing else', async () => {
      const { database } = server
      await database.query(`delete from settings where name = 'sample_desk'`)
      await database.query(`update sites set skills = '[]' where code = 'sample'`)
      await database.query(`update member_settings set skills = '{}' where site = 'sample'`)
      const { rules } = alertRuleList.parse(await get('/api/v1/alert-rules'))
      expect(await manager.call(`/api/v1/alert-rules/${rules[0]?.id}`, { method: 'DELETE' })).toMatchObject({
        status: 200,
      })
      await restart()
      expect(alertRuleList.parse(await get('/api/v1/alert-rules')).rules).toHaveLength(3)
      const { people } = teamList.parse(await get('/api/v1/team'))
      expect(people.filter(({ departments: own, skills }) => own !== undefined && skills.length === 0)).toEqual([])
    })
  },
)
