import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { taskBoard, taskDetail, taskDone, taskRulesView, taskTargets } from '@stagewatch/shared/contract/tasks.ts'
import type { TaskMoveRequest, TaskRequest } from '@stagewatch/shared/contract/tasks.ts'
import { peopleList } from '@stagewatch/shared/contract/people.ts'
import type { Reply } from '../http/call.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { submitEvents } from '../harness/open-site.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const minuteMs = 60_000
const beginAt = Date.UTC(2026, 10, 24, 8)
let clock: VirtualClock
let server: PeopledServer
let li: Visitor
let wu: Visitor
let fang: Visitor
let viewer: Visitor
let ids: ReadonlyMap<string, string>

beforeAll(async () => {
  clock = new VirtualClock(beginAt)
  server = await startPeopled({ clock })
  li = await server.join('li@example.com', { role: 'operator', departments: ['store'] })
  wu = await server.join('wu@example.com', { role: 'operator', departments: ['store'] })
  fang = await server.join('fang@example.com', { role: 'lead', departments: ['fleet'] })
  viewer = await server.join('viewer@example.com', { role: 'viewer', departments: ['store'] })
  for (const key of ['store', 'fleet']) {
    const body = { name: { zh: key, en: key }, aliases: [], archived: false }
    const saved = await server.ada.call(`/api/v1/departments/${key}`, { method: 'PUT', body })
    expect(saved.status).toBe(200)
  }
  const site = await server.server.sites.get('main')
  await submitEvents(site, [
    {
      source: 'test',
      id: 'one',
      type: 'stage.entered',
      order: 'SO-1',
      stage: 'pick',
      occurredAt: beginAt - 60 * minuteMs,
      data: { department: 'store', customer: 'Acme Industries' },
    },
  ])
  const { people } = peopleList.parse((await server.ada.call('/api/v1/people')).body)
  ids = new Map(people.flatMap(({ name, id }) => (id === undefined || name === undefined ? [] : [[name, id] as const])))
  await rules({ assigns: false })
})
afterAll(() => server.close())
beforeEach(() => server.database.query('delete from tasks'))

async function rules(change: object): Promise<void> {
  const { version: _version, ...now } = taskRulesView.parse((await server.ada.call('/api/v1/task-rules')).body)
  const saved = await server.ada.call('/api/v1/task-rules', {
    method: 'PUT',
    body: { ...now, ...change },
    headers: { 'if-match': '*' },
  })
  expect(saved.status).toBe(200)
}

let requests = 0
const newRequest = (rest: Partial<TaskRequest> = {}) => ({
  id: `request-of-task-${String(++requests).padStart(4, '0')}`,
  title: 'Call a truck',
  department: 'store',
  ...rest,
})

async function create(rest: Partial<TaskRequest> = {}, by = li): Promise<number> {
  const reply = await by.call('/api/v1/tasks', { body: newRequest(rest) })
  expect(reply).toMatchObject({ status: 200 })
  return taskDone.parse(reply.body).id
}

async function detail(id: number, reader = li) {
  return taskDetail.parse((await reader.call(`/api/v1/tasks/${id}`)).body)
}

async function move(id: number, by: Visitor, what: TaskMoveRequest, revision?: number): Promise<Reply> {
  const seen = revision ?? (await detail(id, server.ada)).revision
  return by.call(`/api/v1/tasks/${id}/moves`, { body: { revision: seen, do: what } })
}

async function board(reader: Visitor, question = '') {
  return taskBoard.parse((await reader.call(`/api/v1/tasks${question}`)).body)
}

describe('a task', () => {
  it('tells of its order, and goes through the columns until a second person has closed it', async () => {
    const { department: _department, ...request } = newRequest({ order: 'SO-1' })
    const { id } = taskDone.parse((await li.call('/api/v1/tasks', { body: request })).body)
    expect(await detail(id)).toMatchObject({
      department: 'store',
      stage: 'pick',
      about: { customer: 'Acme Industries', status: 'onTrack' },
    })
    expect((await move(id, li, { kind: 'claim' })).status).toBe(200)
    expect((await move(id, li, { kind: 'wait', waitingFor: 'carrier', until: beginAt + 60 * minuteMs })).status).toBe(
      200,
    )
    expect((await board(li, '?segment=mine')).columns.waiting).toEqual({ count: 1, ids: [id] })
    expect((await move(id, li, { kind: 'submit', text: 'loaded' })).status).toBe(200)
    expect(await move(id, li, { kind: 'verify' })).toMatchObject({ status: 409, body: { code: 'own_work' } })
    expect((await move(id, wu, { kind: 'verify' })).status).toBe(200)
    const closed = await board(wu)
    expect(closed.columns.closed).toEqual({ count: 1, ids: [id] })
    expect(closed.today).toEqual({ medianConfirmMs: 0, closedCount: 1, sentBackCount: 0 })
    const { history } = await detail(id)
    expect(history.map(({ kind, by }) => `${kind} ${by}`)).toEqual([
      'created li',
      'claim li',
      'wait li',
      'submit li',
      'verify wu',
    ])
  })

  it('is created once however often it is sent, and refused what is none', async () => {
    const body = newRequest()
    const replies = await Promise.all([1, 2].map(() => li.call('/api/v1/tasks', { body })))
    expect(new Set(replies.map((reply) => taskDone.parse(reply.body).id)).size).toBe(1)
    const wrong = [
      [{ title: '' }, 400],
      [{ skill: 'weld' }, 400],
      [{ order: 'NO-1' }, 404],
      [{ department: 'fleet' }, 403],
    ] as const
    for (const [rest, status] of wrong) {
      expect(await li.call('/api/v1/tasks', { body: newRequest(rest) })).toMatchObject({ status })
    }
  })

  it('belongs to one of two who claim it at the same moment, and the other is told', async () => {
    const id = await create()
    const replies = await Promise.all([li, wu].map((each) => move(id, each, { kind: 'claim' }, 0)))
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect((await detail(id)).history.filter(({ kind }) => kind === 'claim')).toHaveLength(1)
  })

  it('is not moved by who has seen an older state of it', async () => {
    const id = await create()
    await move(id, li, { kind: 'claim' })
    await move(id, li, { kind: 'submit' })
    expect(await move(id, wu, { kind: 'verify' }, 1)).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await move(id, wu, { kind: 'verify' }, 2)).status).toBe(200)
  })

  it('is sent back with a reason, counted, and opened again', async () => {
    const id = await create()
    await move(id, li, { kind: 'claim' })
    await move(id, li, { kind: 'submit' })
    expect((await move(id, wu, { kind: 'sendBack', text: 'no photo' })).status).toBe(200)
    expect((await board(li)).today.sentBackCount).toBe(1)
    expect(await detail(id)).toMatchObject({ state: 'inProgress', assignee: { name: 'li' }, sentBackCount: 1 })
    await move(id, li, { kind: 'submit' })
    await move(id, wu, { kind: 'verify' })
    expect((await move(id, wu, { kind: 'reopen' })).status).toBe(200)
    expect((await detail(id)).state).toBe('inProgress')
  })

  it('of no interest to others is closed at once where no second person is needed', async () => {
    await rules({ needsVerification: false })
    const id = await create()
    await move(id, li, { kind: 'claim' })
    await move(id, li, { kind: 'submit' })
    expect((await detail(id)).state).toBe('closed')
    await rules({ needsVerification: true })
  })
})

describe('a hand-over', () => {
  it('to another department shows the task there, and keeps how long it took until somebody accepted', async () => {
    const id = await create({ order: 'SO-1' })
    await move(id, li, { kind: 'claim' })
    expect((await fang.call(`/api/v1/tasks/${id}`)).status).toBe(404)
    const offered = await move(id, li, {
      kind: 'handOver',
      to: { kind: 'department', id: 'fleet' },
      text: 'your truck',
    })
    expect(offered.status).toBe(200)
    const seen = await detail(id, fang)
    // The order belongs to another department: its number is visible, its customer is not.
    expect(seen).toMatchObject({
      state: 'inProgress',
      handOver: { toDepartment: 'fleet', isForYou: true },
      order: 'SO-1',
    })
    expect(seen.about).toBeUndefined()
    expect((await board(fang, '?segment=mine')).mineCount).toBe(1)
    expect(await move(id, wu, { kind: 'accept' })).toMatchObject({ status: 403 })
    clock.advanceTo(clock.now() + 5 * minuteMs)
    expect((await move(id, fang, { kind: 'accept' })).status).toBe(200)
    const accepted = await detail(id, fang)
    expect(accepted).toMatchObject({ department: 'fleet', assignee: { name: 'fang' } })
    expect(accepted.history.at(-1)).toMatchObject({ kind: 'accept', tookMs: 5 * minuteMs })
    expect((await li.call(`/api/v1/tasks/${id}`)).status).toBe(404)
  })

  it('is offered to people who see the task, and to no others', async () => {
    const id = await create()
    await move(id, li, { kind: 'claim' })
    const targets = taskTargets.parse((await li.call(`/api/v1/tasks/${id}/targets`)).body)
    expect(targets.people.map(({ name }) => name).toSorted()).toEqual(['Ada', 'li', 'wu'])
    const to = { kind: 'person', id: ids.get('fang') ?? '' } as const
    expect(await move(id, li, { kind: 'handOver', to })).toMatchObject({ status: 400, body: { code: 'invalid_field' } })
    const wuTarget = { kind: 'person', id: ids.get('wu') ?? '' } as const
    expect((await move(id, li, { kind: 'handOver', to: wuTarget })).status).toBe(200)
    expect((await move(id, wu, { kind: 'refuse', text: 'busy' })).status).toBe(200)
    expect(await detail(id)).toMatchObject({ assignee: { name: 'li' } })
  })
})

describe('what somebody may', () => {
  it('is to read, for viewers', async () => {
    const id = await create()
    expect((await detail(id, viewer)).mayDecide).toBe(false)
    expect((await viewer.call('/api/v1/tasks', { body: newRequest() })).status).toBe(403)
    expect((await move(id, viewer, { kind: 'claim' })).status).toBe(403)
  })

  it('is nothing about tasks of other departments', async () => {
    const id = await create()
    expect(await move(id, fang, { kind: 'claim' })).toMatchObject({ status: 404 })
    expect((await board(fang)).columns.unclaimed.count).toBe(0)
    expect((await board(server.ada)).columns.unclaimed.count).toBe(1)
  })

  it('keeps customers and people to the site where it says so', async () => {
    const id = await create({ order: 'SO-1', title: 'Call Acme Industries' })
    await move(id, li, { kind: 'claim' })
    const privacy = { customers: 'masked', amounts: 'shown', people: 'team' }
    const headers = { 'if-match': '*' }
    await server.ada.call('/api/v1/privacy', { method: 'PUT', body: privacy, headers })
    const told = JSON.stringify([await detail(id, wu), await board(wu)])
    expect(told).not.toContain('Acme Industries')
    expect(told).not.toContain('"li"')
    expect(told).not.toContain(ids.get('li'))
    // A person's own name is never hidden.
    expect(await detail(id, li)).toMatchObject({ assignee: { name: 'li' } })
    const open = { customers: 'shown', amounts: 'shown', people: 'shown' }
    await server.ada.call('/api/v1/privacy', { method: 'PUT', body: open, headers })
  })
})

it('the board finds tasks by text, stage and person', async () => {
  const first = await create({ order: 'SO-1' })
  const second = await create({ title: 'Count boxes' })
  await move(second, wu, { kind: 'claim' })
  const found = async (question: string) => Object.keys((await board(li, question)).tasks).map(Number)
  expect(await found('?q=boxes')).toEqual([second])
  expect(await found('?stage=pick')).toEqual([first])
  expect(await found(`?person=${ids.get('wu')}`)).toEqual([second])
  expect(await found('?person=')).toEqual([first])
  expect(await found('?order=SO-1')).toEqual([first])
})

it('a change of the rules is written down', async () => {
  await rules({ maxPerPerson: 9 })
  expect((await server.recorded())[0]).toBe('ada@example.com task-rules.changed ')
})
