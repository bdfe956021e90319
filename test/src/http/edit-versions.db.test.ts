import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { processList } from '@stagewatch/shared/contract/admin.ts'
import { calendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import { channel, channelList } from '@stagewatch/shared/contract/channels.ts'
import { customerNewsView } from '@stagewatch/shared/contract/customer-news.ts'
import { messageTextList } from '@stagewatch/shared/contract/message-texts.ts'
import { mappingList } from '@stagewatch/shared/contract/import-mapping.ts'
import { peopleList } from '@stagewatch/shared/contract/people.ts'
import { sitePrivacy } from '@stagewatch/shared/contract/privacy.ts'
import { siteRetention } from '@stagewatch/shared/contract/retention.ts'
import { processDraftAnswer } from '@stagewatch/shared/contract/process-draft.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { departmentList } from '@stagewatch/shared/contract/departments.ts'
import { handoverSettingsView } from '@stagewatch/shared/contract/handover.ts'
import { skillList, teamList } from '@stagewatch/shared/contract/team.ts'
import { siteTranslations } from '@stagewatch/shared/contract/names.ts'
import { alertRuleCreated, alertRuleList } from '@stagewatch/shared/contract/alert-rules.ts'
import { screenList, screenSettings } from '@stagewatch/shared/contract/screen.ts'
import { ownSite } from '@stagewatch/shared/contract/sites.ts'
import { taskRulesView } from '@stagewatch/shared/contract/tasks.ts'
import { sourceList } from '@stagewatch/shared/contract/sources.ts'
import { webhookList, webhookSecret } from '@stagewatch/shared/contract/webhooks.ts'
import type { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { defaultTaskRules } from '@stagewatch/shared/domain/tasks/assign-tasks.ts'
import { pairScreen } from '../screens/pair-screen.ts'
import { mappedRoutes } from '../rights/find-leaks.ts'
import { call } from './call.ts'
import type { Reply } from './call.ts'

let server: PeopledServer
let admin: string
let screenId: string
let webhookId: string
let channelId: string
let alertRuleId: string

const webhookOf = (name: string) => ({
  name,
  url: 'https://93.184.215.14/hook',
  events: ['order.overdue'],
  enabled: true,
})

const channelNamed = (name: string) => ({ kind: 'slack', name, enabled: true, settings: {} })
const alertRuleOf = (name: string) => ({
  name,
  severity: 'warning',
  enabled: true,
  makesTask: false,
  condition: { kind: 'stalled', clock: 'working' },
  scope: {},
  ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
  acknowledgedForMs: 3_600_000,
  mergeMs: 0,
})

const calendar = (...days: string[]) => {
  const { code: _, ...rest } = plantCalendar({})
  const [version] = rest.versions
  return {
    code: 'plant',
    ...rest,
    versions: [{ ...version, holidays: days.map((date) => ({ date, working: false })) }],
  }
}
const process = (targetMs: number) => ({
  code: 'default',
  name: { zh: '订单', en: 'Orders' },
  acceptsNewStages: true,
  goals: {},
  stages: [{ code: 'pick', name: { zh: '拣货', en: 'Pick' }, targetMs, warnAtRatio: 0.8, toleranceRatio: 0.1 }],
})

beforeAll(async () => {
  const variables = { SECRETS_KEY: Buffer.alloc(32, 1).toString('base64') }
  server = await startPeopled({ clock: new VirtualClock(Date.UTC(2026, 10, 24, 16)), variables })
  admin = await server.createKey(['admin'])
  screenId = (await pairScreen(server, admin, { name: 'Hall 1', settings: {} })).screen.id
  await server.join('wu@example.com', { role: 'viewer' })
  const hook = await call(`${server.url}/api/v1/webhooks`, { key: admin, method: 'POST', body: webhookOf('First') })
  webhookId = webhookSecret.parse(hook.body).id
  const createdChannel = await call(`${server.url}/api/v1/channels`, {
    key: admin,
    method: 'POST',
    body: { ...channelNamed('First'), secrets: { url: 'https://93.184.215.14/hook' } },
  })
  channelId = channel.parse(createdChannel.body).id
  const rules = `${server.url}/api/v1/alert-rules`
  const rule = await call(rules, { key: admin, method: 'POST', body: alertRuleOf('First') })
  alertRuleId = alertRuleCreated.parse(rule.body).id
  const site = await server.server.sites.get('main')
  await site.sources.register({ source: 'wms', name: { zh: '仓库', en: 'Store' }, stages: [] })
  const made = [
    ['admin/calendars/plant', calendar()],
    ['admin/processes/default', process(60_000)],
    ['admin/processes/default/draft', { definition: process(60_000), base: null }],
    ['import-mappings/nightly', {}],
    ['skills', [{ key: 'weld', name: { zh: '焊接', en: 'Welding' } }]],
    ['departments/store', { name: { zh: '仓库', en: 'First' }, aliases: [], archived: false }],
  ] as const
  for (const [path, body] of made) {
    expect(await send(path, body, path === 'skills' ? '*' : undefined)).toMatchObject({ status: 200 })
  }
  const away = { from: '2026-12-01', to: '2026-12-01', kind: 'leave' }
  const entered = await call(`${server.url}/api/v1/team/${(await wu())?.id}/absences`, { key: admin, body: away })
  expect(entered.status).toBe(200)
})
afterAll(() => server.close())

function send(path: string, body: unknown, version: string | undefined): Promise<Reply> {
  // Without a version the header is empty, which is treated like no header.
  return call(`${server.url}/api/v1/${path}`, {
    key: admin,
    method: 'PUT',
    body,
    headers: { 'if-match': version === undefined ? '' : version === '*' ? version : `"${version}"` },
  })
}

async function read<Answer extends z.ZodType>(path: string, answer: Answer): Promise<z.infer<Answer>> {
  return answer.parse((await call(`${server.url}/api/v1/${path}`, { key: admin })).body)
}

const ofTeam = async () => {
  const { people } = await read('team', teamList)
  return people.find(({ name }) => name === 'wu')
}
const wu = async () => (await read('people', peopleList)).people.find(({ email }) => email === 'wu@example.com')

/** Everything that can be edited: how to save it, where its version is, and the values that three people save. */
const edited = [
  {
    route: 'PUT /api/v1/privacy',
    path: async () => 'privacy',
    version: async () => (await read('privacy', sitePrivacy)).version,
    values: [
      { customers: 'masked', amounts: 'shown', people: 'shown' },
      { customers: 'shown', amounts: 'hidden', people: 'shown' },
      { customers: 'shown', amounts: 'shown', people: 'team' },
    ],
  },
  {
    route: 'PUT /api/v1/retention',
    path: async () => 'retention',
    version: async () => (await read('retention', siteRetention)).version,
    values: [{ archiveAfterMonths: 12 }, { archiveAfterMonths: 24 }, {}],
  },
  {
    route: 'PUT /api/v1/import-mappings/:name',
    path: async () => 'import-mappings/nightly',
    version: async () => (await read('import-mappings', mappingList)).mappings[0]?.version,
    values: [{ encoding: 'gb18030' }, { timezone: 'Asia/Shanghai' }, { rows: 'orders' }],
  },
  {
    route: 'PUT /api/v1/translations',
    path: async () => 'translations',
    version: async () => (await read('translations', siteTranslations)).version,
    values: ['Sales', 'Sales office', 'Sales department'].map((en) => ({ 销售部: { zh: '销售部', en } })),
  },
  {
    route: 'PUT /api/v1/people/:id',
    path: async () => `people/${(await wu())?.id}`,
    version: async () => (await wu())?.version,
    values: [{ role: 'lead', departments: ['store'] }, { role: 'operator' }, { role: 'manager' }],
  },
  {
    route: 'PUT /api/v1/team/:id',
    path: async () => `team/${(await wu())?.id}`,
    version: async () => (await ofTeam())?.version,
    values: [{ skills: ['weld'] }, { skills: [], calendar: 'plant' }, { skills: ['weld'], calendar: 'plant' }],
  },
  {
    route: 'PUT /api/v1/team/:id/absences/:absence',
    path: async () => `team/${(await wu())?.id}/absences/${(await ofTeam())?.absences[0]?.id}`,
    version: async () => (await ofTeam())?.absences[0]?.version,
    values: ['2026-12-02', '2026-12-03', '2026-12-04'].map((to) => ({ from: '2026-12-01', to, kind: 'leave' })),
  },
  {
    route: 'PUT /api/v1/skills',
    path: async () => 'skills',
    version: async () => (await read('skills', skillList)).version,
    values: [['weld'], ['weld', 'paint'], ['paint']].map((keys) =>
      keys.map((key) => ({ key, name: { zh: key, en: key } })),
    ),
  },
  {
    route: 'PUT /api/v1/departments/:key',
    path: async () => 'departments/store',
    version: async () => (await read('departments', departmentList)).departments[0]?.version,
    values: ['Store', 'Warehouse', 'Depot'].map((en) => ({ name: { zh: '仓库', en }, aliases: [], archived: false })),
  },
  {
    route: 'PUT /api/v1/handover-settings/:key',
    path: async () => 'handover-settings/store',
    version: async () => (await read('handover-settings/store', handoverSettingsView)).version,
    values: [10, 20, 40].map((confirmWithinMinutes) => ({ enabled: true, leads: [], confirmWithinMinutes })),
  },
  {
    route: 'PUT /api/v1/screens/:id',
    path: async () => `screens/${screenId}`,
    version: async () => (await read('screens', screenList)).screens[0]?.version,
    values: ['Hall 1 north', 'Hall 1 south', 'Hall 1 east'].map((name) => ({ name, settings: {} })),
  },
  {
    route: 'PUT /api/v1/admin/processes/:code',
    path: async () => 'admin/processes/default',
    version: async () => (await read('admin/processes', processList)).histories[0]?.version,
    values: [process(120_000), process(180_000), process(240_000)],
  },
  {
    route: 'PUT /api/v1/admin/processes/:code/draft',
    path: async () => 'admin/processes/default/draft',
    version: async () => (await read('admin/processes/default/draft', processDraftAnswer)).draft?.version,
    values: [120_000, 180_000, 240_000].map((targetMs) => ({ definition: process(targetMs), base: null })),
  },
  {
    route: 'PUT /api/v1/admin/calendars/:code',
    path: async () => 'admin/calendars/plant',
    version: async () => (await read('admin/calendars', calendarList)).calendars[0]?.version,
    values: ['2027-01-01', '2027-05-01', '2027-10-01'].map((date) => calendar(date)),
  },
  {
    route: 'PUT /api/v1/admin/calendar-choice',
    path: async () => 'admin/calendar-choice',
    version: async () => (await read('admin/calendars', calendarList)).choiceVersion,
    values: [
      { departments: { store: 'plant' } },
      { departments: { fleet: 'plant' } },
      { departments: {}, site: 'plant' },
    ],
  },
  {
    route: 'PUT /api/v1/site',
    path: async () => 'site',
    version: async () => (await read('site', ownSite)).version,
    values: [{ timeZone: 'Asia/Shanghai' }, { timeZone: 'Asia/Tokyo' }, { timeZone: 'Asia/Kathmandu' }],
  },
  {
    route: 'PUT /api/v1/webhooks/:id',
    path: async () => `webhooks/${webhookId}`,
    version: async () => (await read('webhooks', webhookList)).webhooks[0]?.version,
    values: ['ERP', 'Chat', 'Archive'].map((name) => webhookOf(name)),
  },
  {
    route: 'PUT /api/v1/channels/:id',
    path: async () => `channels/${channelId}`,
    version: async () => (await read('channels', channelList)).channels[0]?.version,
    values: ['Team', 'Plant', 'Night shift'].map((name) => channelNamed(name)),
  },
  {
    route: 'PUT /api/v1/alert-rules/:id',
    path: async () => `alert-rules/${alertRuleId}`,
    version: async () => (await read('alert-rules', alertRuleList)).rules[0]?.version,
    values: ['Stalled', 'Stands still', 'No progress'].map((name) => alertRuleOf(name)),
  },
  {
    route: 'PUT /api/v1/task-rules',
    path: async () => 'task-rules',
    version: async () => (await read('task-rules', taskRulesView)).version,
    values: [2, 5, 7].map((maxPerPerson) => ({ ...defaultTaskRules, maxPerPerson })),
  },
  {
    route: 'PUT /api/v1/customer-news',
    path: async () => 'customer-news',
    version: async () => (await read('customer-news', customerNewsView)).version,
    values: ['mail', 'address', 'contact'].map((addressField) => ({
      enabled: false,
      addressField,
      channel: '',
      placed: true,
      held: false,
      completed: true,
      cancelled: true,
      stages: [],
    })),
  },
  {
    route: 'PUT /api/v1/message-texts/:key/:language',
    path: async () => 'message-texts/alert.order/en',
    version: async () => {
      const { texts } = await read('message-texts', messageTextList)
      return texts.find(({ key, language }) => key === 'alert.order' && language === 'en')?.version
    },
    values: ['Late', 'Too late', 'Overdue'].map((title) => ({ title: `${title}: {order}`, body: '{stage}' })),
  },
  {
    route: 'PUT /api/v1/sources/:source',
    path: async () => 'sources/wms',
    version: async () => (await read('sources', sourceList)).sources[0]?.version,
    values: [60_000, 120_000, 180_000].map((intervalMs) => ({ name: { zh: '仓库', en: 'Warehouse' }, intervalMs })),
  },
] as const

it('everything that is saved as a whole is checked here', () => {
  const routes = mappedRoutes(server.server.routes)
    .map(([name]) => name)
    .filter((name) => /^(PUT|PATCH) /.test(name))
    // A person's own name and language have a single editor.
    .filter((name) => name !== 'PUT /api/v1/me' && name !== 'PUT /api/v1/me/language')
    // Only people have a profile, not keys; see the profile tests.
    .filter((name) => name !== 'PUT /api/v1/me/profile')
    // A chunk carries its offset instead.
    .filter((name) => name !== 'PATCH /api/v1/uploads/:id')
  expect(routes.toSorted()).toEqual(edited.map(({ route }) => route).toSorted())
})

describe.each(edited)('$route', ({ path, version, values }) => {
  const [theirs, yours, others] = values as readonly object[] as readonly [object, object, object]

  it('refuses an edit of an older version, and returns both values', async () => {
    const address = await path()
    const loaded = await version()
    expect(loaded).toEqual(expect.any(String))
    expect(await send(address, theirs, loaded)).toMatchObject({ status: 200 })
    const refused = await send(address, yours, loaded)
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', conflict: { yours: filled(yours) } } })
    const { conflict } = problem.parse(refused.body)
    expect(JSON.stringify(conflict?.current)).not.toBe(JSON.stringify(conflict?.yours))
    expect(await version()).toBe(conflict?.version)
    // They may overwrite the version that they have seen now.
    expect(await send(address, yours, conflict?.version)).toMatchObject({ status: 200 })
  })

  it('refuses a save without a version, unless it asks to overwrite', async () => {
    const address = await path()
    expect(await send(address, theirs, undefined)).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await send(address, theirs, '*')).toMatchObject({ status: 200 })
  })

  it('accepts a repeated save of the current value', async () => {
    const address = await path()
    const loaded = await version()
    expect(await send(address, yours, loaded)).toMatchObject({ status: 200 })
    expect(await send(address, yours, loaded)).toMatchObject({ status: 200 })
  })

  it('accepts one of two simultaneous saves', async () => {
    const address = await path()
    await send(address, theirs, '*')
    const loaded = await version()
    const replies = await Promise.all([send(address, yours, loaded), send(address, others, loaded)])
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  })
})

/**
 * The value as stored: a process with all its versions, a screen with default settings filled in, a channel with the
 * masked form of its secrets.
 */
function filled(value: object): object {
  if ('kind' in value && value.kind === 'slack') {
    const { kind: _, ...rest } = value
    return { ...rest, secrets: { url: '••••hook' } }
  }
  if ('stages' in value && 'code' in value) return [{ definition: value }]
  return 'settings' in value ? { ...value, settings: screenSettings.parse(value.settings) } : value
}
