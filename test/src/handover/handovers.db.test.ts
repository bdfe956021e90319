import { Handovers } from '@stagewatch/server/handover/handovers.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { SiteRegistry } from '@stagewatch/server/sites/site-registry.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import {
  currentShift,
  handoverDetail,
  handoverList,
  handoverSettingsView,
} from '@stagewatch/shared/contract/handover.ts'
import type { HandoverSettings } from '@stagewatch/shared/contract/handover.ts'
import { me } from '@stagewatch/shared/contract/me.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { plantCalendar, weekOf } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

const hourMs = 3_600_000
/** Shanghai time; 23 November 2026 is a Monday. */
const at = (text: string) => Date.parse(`${text}:00+08:00`)
const span = (start: string, end: string) => ({ start: at(start), end: at(end) })
const operator = { kind: 'operator', name: 'operator' } as const

const clock = new VirtualClock(at('2026-11-24T06:00'))
let server: PeopledServer
let site: SitePipeline
/** Leads of the store; Wu works the early shift, Li the late one. Fang leads the fleet. */
let wu: Visitor
let li: Visitor
let fang: Visitor
const ids: Record<string, string> = {}
let second: { readonly sites: SiteRegistry; readonly handovers: Handovers }

beforeAll(async () => {
  server = await startPeopled({ clock })
  const { database } = server
  site = await server.server.sites.get('main')
  const early = { from: '06:00', to: '14:00' }
  const late = { from: '14:00', to: '22:00' }
  for (const [code, shifts] of [
    ['two-shifts', [early, late]],
    ['early', [early]],
    ['late', [late]],
  ] as const) {
    await site.saveCalendar({ ...plantCalendar({ week: weekOf(shifts) }), code }, operator)
  }
  const stage = { name: { zh: '打包', en: 'Pack' }, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  await site.saveProcess({
    code: 'default',
    name: { zh: '订单', en: 'Orders' },
    acceptsNewStages: true,
    goals: {},
    stages: [{ ...stage, code: 'pack', targetMs: hourMs }],
  })
  for (const [name, departments] of [
    ['wu', ['store']],
    ['li', ['仓库']],
    ['fang', ['fleet']],
  ] as const) {
    const visitor = await server.join(`${name}@example.com`, { role: 'lead', departments: [...departments] })
    ids[name] = me.parse((await visitor.call('/api/v1/me')).body).id ?? ''
    if (name === 'wu') wu = visitor
    else if (name === 'li') li = visitor
    else fang = visitor
  }
  await site.departments.save(
    'store',
    { name: { zh: '仓库', en: 'Store' }, aliases: ['仓库'], archived: false, calendar: 'two-shifts' },
    operator,
    null,
  )
  await site.departments.save(
    'fleet',
    { name: { zh: '车队', en: 'Fleet' }, aliases: [], archived: false },
    operator,
    null,
  )
  await site.readRules()
  for (const [name, calendar] of [
    ['wu', 'early'],
    ['li', 'late'],
  ] as const) {
    const insert = `insert into member_settings (site, user_id, skills, calendar) values ('main', $1, '{}', $2)`
    await database.query(insert, [ids[name], calendar])
  }
  await database.query(
    `insert into user_profiles (user_id, language, time_zone, channels)
     values ($1, 'zh', 'Asia/Shanghai', '[]'::jsonb), ($2, 'en', 'Asia/Shanghai', '[]'::jsonb)`,
    [ids['li'], ids['wu']],
  )
  const sites = await SiteRegistry.open({
    database,
    clock,
    origin: 'second',
    deltas: { delta: () => undefined },
    failed: (error): never => {
      throw error
    },
  })
  second = { sites, handovers: new Handovers({ database, clock, sites }) }
})
afterAll(async () => {
  await second.sites.close()
  await server.close()
})

let eventIds = 0
const submitted = new Set<string>()
function entered(order: string, when: string, data: OrderEvent['data'] = {}): OrderEvent {
  const department = data['department'] ?? 'store'
  return {
    source: 'test',
    id: `e${eventIds++}`,
    type: 'stage.entered',
    order,
    stage: 'pack',
    occurredAt: at(when),
    data: { ...data, department },
  }
}

/** @param firstLook call of one instance alone, before both are called. */
async function passUntil(text: string, firstLook?: () => Promise<unknown>): Promise<void> {
  clock.advanceTo(at(text))
  const { transitions, handovers } = server.server
  await second.sites.refresh()
  for (const each of await second.sites.list()) {
    await each.sync()
    // Stands in for the log follower: an instance that has followed nothing has no orders.
    await each.follow([...submitted], BigInt(site.position))
  }
  await transitions.catchUp()
  await firstLook?.()
  await Promise.all([handovers.look(), second.handovers.look()])
}

function submit(events: readonly OrderEvent[]) {
  for (const { order } of events) submitted.add(order)
  return submitEvents(site, events)
}

async function settings(change: Partial<HandoverSettings>, visitor = server.ada) {
  const path = '/api/v1/handover-settings/store'
  const { version, ...known } = handoverSettingsView.parse((await visitor.call(path)).body)
  const { leadNames: _names, ...before } = known
  return visitor.call(path, { method: 'PUT', body: { ...before, ...change }, headers: { 'if-match': version } })
}

const list = async (visitor: Visitor, search = '') => {
  const { body } = await visitor.call(`/api/v1/handovers${search}`)
  return handoverList.parse(body)
}
const detail = async (visitor: Visitor, id: number) =>
  handoverDetail.parse((await visitor.call(`/api/v1/handovers/${id}`)).body)
const shift = async (visitor: Visitor) =>
  currentShift.parse((await visitor.call('/api/v1/handover?department=store')).body)
const note = (visitor: Visitor, text: string, rest: object = {}) =>
  visitor.call('/api/v1/handover-notes', { body: { department: 'store', text, ...rest } })
const confirm = (visitor: Visitor, id: number, body: object = {}) =>
  visitor.call(`/api/v1/handovers/${id}/confirm`, { body })

const told = () =>
  server.database.query<{ recipient: string; title: string; link: string }>(`
    select recipient, message->>'title' as title, message->>'link' as link from messages
    where channel_id = 'inbox' and message->>'link' like '/handover/%' order by created_at, recipient`)

describe('a handover', () => {
  it('is not made before somebody has switched handovers on', async () => {
    await submit([
      entered('S-late', '2026-11-24T08:00', { promisedAt: at('2026-11-24T18:00') }),
      entered('S-done', '2026-11-24T08:10'),
      entered('F-1', '2026-11-24T08:00', { department: 'fleet', promisedAt: at('2026-11-24T18:00') }),
    ])
    await passUntil('2026-11-24T10:00')
    expect(await list(server.ada)).toEqual({ handovers: [], hasMore: false, waitingCount: 0 })
    const now = await shift(wu)
    expect(now).toMatchObject({
      shift: span('2026-11-24T06:00', '2026-11-24T14:00'),
      next: span('2026-11-24T14:00', '2026-11-24T22:00'),
      isWorking: true,
      isHandedOver: false,
      content: { turnedOverdue: { total: 2, resolvedCount: 0 }, promised: { total: 1 } },
    })
    expect(await settings({ enabled: true, leads: [ids['fang']!] })).toMatchObject({ status: 400 })
    expect(await settings({ enabled: true, leads: [ids['wu']!, ids['li']!] }, wu)).toMatchObject({ status: 200 })
    const body = { enabled: false, leads: [], confirmWithinMinutes: 30 }
    const asked = { method: 'PUT', body, headers: { 'if-match': '*' } } as const
    expect(await fang.call('/api/v1/handover-settings/store', asked)).toMatchObject({ status: 404 })
  })

  it('is made once at the end of the shift, whichever server instances look, and told to who works next', async () => {
    expect(await note(wu, 'The scale at gate 2 is broken.')).toMatchObject({ status: 200 })
    expect(await note(fang, 'Not mine')).toMatchObject({ status: 404 })
    const claim = { type: 'order.assigned', data: { owner: 'Li Na' } } as const
    await submit([
      { ...entered('S-late', '2026-11-24T11:00'), ...claim },
      { ...entered('S-done', '2026-11-24T12:00'), type: 'stage.completed', stage: 'pack' },
      entered('S-new', '2026-11-24T13:30', { department: '仓库' }),
    ])
    const task = { id: 'task-of-the-store', title: 'Mend the scale', order: 'S-late' }
    expect(await wu.call('/api/v1/tasks', { body: task })).toMatchObject({ status: 200 })
    await passUntil('2026-11-24T13:59')
    expect((await list(server.ada)).handovers).toEqual([])
    // The instance that has received none of the events makes the handover.
    await passUntil('2026-11-24T14:00', second.handovers.look)
    const { handovers } = await list(li)
    expect(handovers).toHaveLength(1)
    expect(await told()).toEqual([
      {
        recipient: ids['li'],
        title: '交接班：仓库，2026/11/24 06:00–14:00',
        link: `/handover/${handovers[0]!.id}`,
      },
    ])
    const made = await detail(li, handovers[0]!.id)
    expect(made).toMatchObject({
      shift: span('2026-11-24T06:00', '2026-11-24T14:00'),
      next: span('2026-11-24T14:00', '2026-11-24T22:00'),
      madeAt: at('2026-11-24T14:00'),
      missed: [],
      notes: [{ text: 'The scale at gate 2 is broken.', author: 'wu', isOwn: false }],
      told: ['li'],
      mayConfirm: true,
      isOverdue: false,
    })
    expect(made.content.turnedOverdue).toMatchObject({ total: 2, resolvedCount: 1 })
    expect(made.content.turnedOverdue.orders.map(({ order, resolvedAt }) => [order, resolvedAt !== undefined])).toEqual(
      [
        ['S-late', false],
        ['S-done', true],
      ],
    )
    expect(made.content.stuck).toMatchObject({
      total: 1,
      orders: [{ order: 'S-late', owner: 'Li Na', ownerSince: at('2026-11-24T11:00'), isOverdue: true }],
    })
    expect(made.content.promised.orders.map(({ order }) => order)).toEqual(['S-late'])
    expect(made.content.openTasks).toMatchObject({
      total: 1,
      tasks: [{ title: 'Mend the scale', order: 'S-late', state: 'unclaimed' }],
    })
    // Neither another instance nor the same one makes a second handover.
    await passUntil('2026-11-24T14:05')
    expect(await list(li)).toMatchObject({ handovers: [{ id: made.id }], waitingCount: 0 })
  })

  it('repeats no hidden names in notes and tasks', async () => {
    const [known] = (await list(li)).handovers
    const open = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
    await server.database.query(
      `update handover_notes set text = 'Li Na knows the scale' where handover_id is not null`,
    )
    await server.database.query(
      `update handovers set content = replace(content::text, 'Mend the scale', 'Ask Li Na')::jsonb where id = $1`,
      [known!.id],
    )
    expect(JSON.stringify(await detail(li, known!.id))).toMatch(/Li Na knows.*|Ask Li Na/)
    await site.privacy.save({ ...open, people: 'team' }, operator, '*')
    const hidden = await detail(li, known!.id)
    expect(hidden).toMatchObject({
      notes: [{ text: '** knows the scale' }],
      content: { openTasks: { tasks: [{ title: 'Ask **' }] } },
    })
    expect(JSON.stringify(hidden)).not.toContain('Li Na')
    await site.privacy.save(open, operator, '*')
    await server.database.query(
      `update handover_notes set text = 'The scale at gate 2 is broken.' where handover_id is not null`,
    )
    await server.database.query(
      `update handovers set content = replace(content::text, 'Ask Li Na', 'Mend the scale')::jsonb where id = $1`,
      [known!.id],
    )
  })

  it('is shown to nobody of another department', async () => {
    const [known] = (await list(li)).handovers
    expect(await list(fang)).toEqual({ handovers: [], hasMore: false, waitingCount: 0 })
    expect(await fang.call(`/api/v1/handovers/${known!.id}`)).toMatchObject({ status: 404 })
    expect(await fang.call('/api/v1/handovers?department=store')).toMatchObject({ status: 404 })
    expect(await fang.call('/api/v1/handover?department=store')).toMatchObject({ status: 404 })
    expect(await confirm(fang, known!.id)).toMatchObject({ status: 404 })
  })

  it('waits for who takes it over, and is confirmed once, not by who hands it over', async () => {
    const [known] = (await list(li)).handovers
    await passUntil('2026-11-24T14:30')
    expect(await list(wu, '?state=waiting')).toMatchObject({ handovers: [{ id: known!.id }], waitingCount: 1 })
    expect(await confirm(wu, known!.id)).toMatchObject({ status: 403 })
    expect((await detail(wu, known!.id)).mayConfirm).toBe(false)
    expect(await note(wu, 'Spare scale is in room 4.', { handover: known!.id })).toMatchObject({ status: 200 })
    const done = await confirm(li, known!.id, { remark: 'Scale ordered' })
    expect(done).toMatchObject({
      status: 200,
      body: { confirmedAt: at('2026-11-24T14:30'), confirmedBy: 'li', remark: 'Scale ordered', mayConfirm: false },
    })
    expect(handoverDetail.parse(done.body).notes).toHaveLength(2)
    expect(await confirm(li, known!.id)).toMatchObject({ status: 200 })
    expect(await confirm(server.ada, known!.id)).toMatchObject({ status: 409 })
    expect(await note(wu, 'Too late', { handover: known!.id })).toMatchObject({ status: 409 })
    expect((await list(wu, '?state=waiting')).waitingCount).toBe(0)
    expect((await server.recorded()).filter((text) => text.includes('handover.'))).toEqual([
      'li@example.com handover.confirmed store',
      'wu@example.com handover.noted store',
      'wu@example.com handover.noted store',
      'wu@example.com handover.set-up store',
    ])
  })

  it('is the last one only after a time without a server, and names the shifts that were missed', async () => {
    await note(li, 'Dock 3 is blocked.')
    await passUntil('2026-11-26T15:00')
    const { handovers } = await list(li)
    expect(handovers).toHaveLength(2)
    const made = await detail(li, handovers[0]!.id)
    expect(made.shift).toEqual(span('2026-11-26T06:00', '2026-11-26T14:00'))
    expect(made.missed).toEqual([
      span('2026-11-24T14:00', '2026-11-24T22:00'),
      span('2026-11-25T06:00', '2026-11-25T14:00'),
      span('2026-11-25T14:00', '2026-11-25T22:00'),
    ])
    // Orders that became overdue in the missed shifts are included.
    expect(made.content.turnedOverdue.orders.map(({ order }) => order)).toEqual(['S-new'])
    expect(made.notes.map(({ text }) => text)).toEqual(['Dock 3 is blocked.'])
    expect(made.confirmBy).toBe(at('2026-11-26T15:30'))
    expect(await told()).toHaveLength(2)
  })

  it('is made once although the clock is set forward and back, and of the shifts after that again', async () => {
    const ends = async () => (await list(server.ada)).handovers.map(({ shift: { end } }) => end).toReversed()
    const before = await ends()
    // The clock of the second instance is temporarily ahead.
    const ahead = new VirtualClock(at('2026-11-30T15:00'))
    const { database } = server
    const wrong = new Handovers({ database, clock: ahead, sites: second.sites })
    await wrong.look()
    expect(await ends()).toEqual([...before, at('2026-11-30T14:00')])
    for (const time of ['2026-11-26T21:59', '2026-11-26T22:00', '2026-11-26T22:01', '2026-11-27T14:00'])
      await passUntil(time)
    expect(await ends()).toEqual([...before, at('2026-11-26T22:00'), at('2026-11-27T14:00'), at('2026-11-30T14:00')])
    await passUntil('2026-11-30T14:00')
    expect(await ends()).toHaveLength(before.length + 3)
  })

  it('is not made again of a shift whose calendar is changed afterwards', async () => {
    const count = async () => (await list(server.ada)).handovers.length
    const before = await count()
    const shorter = [
      { from: '06:00', to: '13:30' },
      { from: '14:00', to: '22:00' },
    ]
    await site.saveCalendar({ ...plantCalendar({ week: weekOf([...shorter]) }), code: 'two-shifts' }, operator)
    await passUntil('2026-11-30T14:10')
    expect(await count()).toBe(before)
  })
})
