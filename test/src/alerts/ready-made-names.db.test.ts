import { alertDetail, alertList } from '@stagewatch/shared/contract/alerts.ts'
import { alertRuleCreated, alertRuleList } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertRuleView } from '@stagewatch/shared/contract/alert-rules.ts'
import { currentShift } from '@stagewatch/shared/contract/handover.ts'
import { siteConfigAnswer } from '@stagewatch/shared/contract/site-config.ts'
import { taskBoard, taskDetail, taskDone } from '@stagewatch/shared/contract/tasks.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'

const hourMs = 3_600_000
const names = { zh: '已超期', en: 'Overdue' }
const content = {
  name: 'Overdue',
  names,
  severity: 'warning',
  enabled: true,
  makesTask: true,
  condition: { kind: 'target', ratio: 1 },
  scope: {},
  ladder: [{ afterMs: 0, to: [{ kind: 'managers' }] }],
  acknowledgedForMs: hourMs,
  mergeMs: 0,
}

let server: PeopledServer
let id: string

beforeAll(async () => {
  server = await startPeopled()
  const pipeline = await server.server.sites.get('main')
  const limits = { targetMs: hourMs, warnAtRatio: 0.8, toleranceRatio: 0.1, department: 'store' }
  await pipeline.saveProcess({
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    stages: [{ code: 'cut', name: { zh: '裁剪', en: 'Cutting' }, ...limits }],
    acceptsNewStages: true,
    goals: {},
  })
  const settings = { name: { zh: '仓库', en: 'Store' }, aliases: [], archived: false }
  await pipeline.departments.save('store', settings, { kind: 'operator', name: 'operator' }, null)
  const key = await server.createKey(['ingest'])
  for (const [name, language] of [
    ['mei', 'zh'],
    ['max', 'en'],
  ] as const) {
    await server.join(`${name}@example.com`, { role: 'manager' })
    await server.database.query(
      `insert into user_profiles (user_id, language, channels) select id, $2, '[]'::jsonb from users where email = $1`,
      [`${name}@example.com`, language],
    )
  }
  const reply = await server.ada.call('/api/v1/alert-rules', { body: content })
  id = alertRuleCreated.parse(reply.body).id
  const occurredAt = new Date(Date.now() - hourMs + 2_000).toISOString()
  const entered = someEvent({ order: 'SO-1', stage: 'cut', occurredAt, data: { department: 'store' } })
  expect((await call(`${server.url}/api/v1/events`, { key, body: [entered] })).body).toMatchObject({ accepted: 1 })
})
afterAll(() => server.close())

const get = async (path: string) => (await server.ada.call(path)).body

async function rule(): Promise<AlertRuleView> {
  const [found] = alertRuleList.parse(await get('/api/v1/alert-rules')).rules
  return found!
}

async function save(change: object) {
  const { version, week: _w, createdAt: _c, activeFrom: _a, id: _i, ...stored } = await rule()
  const headers = { 'if-match': `"${version}"` }
  return server.ada.call(`/api/v1/alert-rules/${id}`, { method: 'PUT', body: { ...stored, ...change }, headers })
}

describe('the name of a ready-made rule', () => {
  it('comes in every language with alerts, tasks and the shift, and in theirs to whom it is sent', async () => {
    const [alert] = await eventually(async () => {
      const { alerts } = alertList.parse(await get('/api/v1/alerts'))
      expect(alerts).toHaveLength(1)
      return alerts
    }, 200)
    expect(alert?.rule).toMatchObject({ id, name: 'Overdue', names })
    expect(alertDetail.parse(await get(`/api/v1/alerts/${alert?.id}`)).rule.names).toEqual(names)
    const [task] = await eventually(async () => {
      const tasks = Object.values(taskBoard.parse(await get('/api/v1/tasks')).tasks)
      expect(tasks).toHaveLength(1)
      return tasks
    }, 200)
    expect(task).toMatchObject({ title: 'Overdue', titles: names })
    for (const q of ['已超', 'overd'])
      expect(Object.keys(taskBoard.parse(await get(`/api/v1/tasks?q=${encodeURIComponent(q)}`)).tasks)).toHaveLength(1)
    const { openAlerts, openTasks } = currentShift.parse(await get('/api/v1/handover?department=store')).content
    expect(openAlerts.alerts).toMatchObject([{ rule: 'Overdue', ruleNames: names }])
    expect(openTasks.tasks).toMatchObject([{ title: 'Overdue', titles: names }])
    await eventually(async () => {
      const told = await server.database.query<{ language: string; title: string }>(`
        select message->>'language' as language, message->>'title' as title from messages
        where channel_id = 'inbox' and message->>'title' like '%SO-1%' order by 1`)
      expect(told).toEqual(
        expect.arrayContaining([
          { language: 'en', title: 'Overdue: SO-1' },
          { language: 'zh', title: '已超期：SO-1' },
        ]),
      )
    }, 200)
  })

  it('is the title of a task that somebody makes of its alert in another language, unless they write another', async () => {
    const [alert] = alertList.parse(await get('/api/v1/alerts')).alerts
    await server.database.query('delete from tasks')
    for (const [title, titles] of [
      ['已超期', names],
      ['Call the customer', undefined],
    ] as const) {
      const body = { id: crypto.randomUUID(), alert: alert?.id, title }
      const made = taskDone.parse((await server.ada.call('/api/v1/tasks', { body })).body)
      const task = taskDetail.parse(await get(`/api/v1/tasks/${made.id}`))
      expect([task.title, task.titles]).toEqual([title, titles])
      await server.database.query('delete from tasks')
    }
  })

  it('is part of the configuration, and stays when another setting is changed', async () => {
    expect(await save({ mergeMs: 60_000 })).toMatchObject({ status: 200, body: { names, mergeMs: 60_000 } })
    const { config } = siteConfigAnswer.parse(await get('/api/v1/admin/config'))
    expect(config.alertRules?.[id]).toMatchObject({ name: 'Overdue', names })
  })

  it('is what somebody typed once it has been renamed, also by a server of an earlier release', async () => {
    await server.database.query(`update alert_rules set name = 'Too late' where id = $1`, [id])
    expect(await rule()).not.toHaveProperty('names')
    expect(alertList.parse(await get('/api/v1/alerts')).alerts[0]?.rule).not.toHaveProperty('names')
    await server.database.query(`update alert_rules set name = 'Overdue' where id = $1`, [id])
    expect((await rule()).names).toEqual(names)
    const renamed = await save({ name: 'Far too late' })
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Far too late' } })
    expect(renamed.body).not.toHaveProperty('names')
    expect(await rule()).not.toHaveProperty('names')
    expect(await server.database.query('select names from alert_rules')).toEqual([{ names: null }])
  })

  it('must be free of characters that cannot be seen, in every language', async () => {
    const body = { ...content, names: { en: 'Overdue', zh: '已超\u202E期' } }
    expect(await server.ada.call('/api/v1/alert-rules', { body })).toMatchObject({
      status: 400,
      body: { details: [{ field: 'names.zh' }] },
    })
  })
})
