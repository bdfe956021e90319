import { randomUUID } from 'node:crypto'
import { liveTrees, ordersOfTree, queryWatchAnswer } from '@stagewatch/shared/contract/live-query.ts'
import type {
  LiveChanges,
  LiveOrders,
  LiveQueryKind,
  LiveSnapshot,
  LiveTree,
} from '@stagewatch/shared/contract/live-query.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { applyChanges } from '@stagewatch/shared/domain/board-delta.ts'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { eventually } from '../harness/eventually.ts'
import { startServer } from '../harness/start-server.ts'
import { announceChange } from '@stagewatch/server/platform/site-changes.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { openScreen } from './screen.ts'
import type { Screen, ScreenOptions } from './screen.ts'

let server: StartedServer
let key: string
const screens: Screen[] = []

beforeAll(async () => {
  server = await startServer()
  key = await server.createKey(['ingest'])
  await send(someEvent({ order: 'first', data: { customer: 'Acme' } }))
})
afterAll(() => server.close())
afterEach(async () => {
  for (const screen of screens.splice(0)) screen.close()
  await eventually(() => expect(server.server.queries.usage.live_queries.size).toBe(0))
})

async function send(event: Record<string, unknown>): Promise<void> {
  expect((await call(`${server.url}/api/v1/events`, { key, body: event })).body).toMatchObject({ accepted: 1 })
}

interface Question {
  readonly kind: LiveQueryKind
  readonly order?: string
  readonly search?: string
}

/** A page that shows one live query. */
class Page {
  readonly board: string
  tree: LiveTree
  readonly deltas: BoardDelta[] = []
  #version: number

  constructor(screen: Screen, kind: LiveQueryKind, { board, version, tree }: LiveSnapshot) {
    this.board = board
    this.#version = version
    this.tree = liveTrees[kind].parse(tree)
    screen.on('board:delta', (delta) => {
      if (delta.board !== board) return
      expect(delta.from).toBe(this.#version)
      this.#version = delta.to
      this.deltas.push(delta)
      const stamped = { ...this.tree, asOf: delta.asOf, position: delta.position }
      this.tree = liveTrees[kind].parse(applyChanges(stamped, delta.changes))
    })
  }
}

async function open(options: ScreenOptions = {}): Promise<Screen> {
  const screen = await openScreen(server.url, options)
  screens.push(screen)
  return screen
}

async function ask(screen: Screen, question: unknown): Promise<unknown> {
  return screen.timeout(10_000).emitWithAck('query:watch', question as never)
}

async function watch(screen: Screen, question: Question): Promise<Page> {
  const answer = queryWatchAnswer.parse(await ask(screen, question))
  if (!answer.ok) throw new Error(answer.code)
  return new Page(screen, question.kind, answer.snapshot)
}

describe('a page of the desk', () => {
  it.each<[Question]>([
    [{ kind: 'overview' }],
    [{ kind: 'overview', search: 'customer=Acme&customer=Beta' }],
    [{ kind: 'orders', search: 'status=open&limit=20' }],
    [{ kind: 'order', order: 'first' }],
  ])('receives the changes of %o, and shows the same as a page that opens later', async (question) => {
    const page = await watch(await open(), question)
    const before = page.tree.position
    const stage = `stage of ${question.kind} ${question.search}`
    await send(someEvent({ order: 'first', stage, occurredAt: hourAgo() }))
    await send(someEvent({ stage, occurredAt: hourAgo(), data: { customer: 'Acme' } }))
    await eventually(() => expect(page.deltas.length).toBeGreaterThan(0))
    const later = await watch(await open(), question)
    await eventually(() => expect(page.tree).toEqual(later.tree))
    expect(page.tree.position).not.toBe(before)
    expect(later.board).toBe(page.board)
  })

  it('shows the rows that HTTP answers', async () => {
    await send(someEvent({ data: { customer: 'Beta' } }))
    const { tree } = await watch(await open(), { kind: 'orders', search: 'customer=Beta' })
    const reply = ordersAnswer.parse((await call(`${server.url}/api/v1/orders?customer=Beta`)).body)
    const [row] = ordersOfTree(tree as LiveOrders).orders
    expect(reply.orders).toEqual([{ ...row, ageMs: reply.orders[0]?.ageMs }])
    expect(reply.total).toBe(1)
  })

  it('is sent one row when one order of the list changes', async () => {
    const page = await watch(await open(), { kind: 'orders', search: 'sort=order' })
    await send(someEvent({ type: 'order.changed', order: 'first', stage: undefined, data: { priority: randomUUID() } }))
    await eventually(() => expect(page.deltas).not.toEqual([]))
    // The minutes of every order may change meanwhile.
    const changed = page.deltas.flatMap(({ changes }) =>
      changes.flatMap(({ path }) => (path.at(-1) === 'ageMs' ? [] : [path.slice(0, 2)])),
    )
    expect(changed).toContainEqual(['rows', 'first'])
    expect(changed.filter(([place, row]) => place === 'rows' && row !== 'first')).toEqual([])
  })

  it('is told which data it has to request again', async () => {
    const page = await watch(await open(), { kind: 'changes' })
    const before = page.tree as LiveChanges
    await announceChange(server.database, 'main', 'approvals')
    await announceChange(server.database, 'main', 'inbox')
    await announceChange(server.database, 'another', 'alerts')
    const { since } = before
    const counts = { ...before.counts, approvals: before.counts.approvals + 1 }
    await eventually(() => expect(page.tree).toMatchObject({ since, counts }))
    const later = await watch(await open(), { kind: 'changes' })
    expect(later.tree).toMatchObject({ since, counts })
  })

  it('is told regularly that its data is current, and by which build of the pages', async () => {
    const heartbeats: unknown[] = []
    const screen = await open({ record: (event, message) => event === 'board:pulse' && heartbeats.push(message) })
    const { board } = await watch(screen, { kind: 'orders', search: 'limit=3' })
    await eventually(() => expect(heartbeats.length).toBeGreaterThan(1))
    for (const heartbeat of heartbeats) {
      expect(heartbeat).toMatchObject({ board, at: expect.any(Number), build: expect.any(String) })
    }
  })

  it('is told why its query cannot be answered any more', async () => {
    const problems: unknown[] = []
    const screen = await open({ record: (event, message) => event === 'board:problem' && problems.push(message) })
    await send(someEvent({ source: 'erp', id: 'mistake', order: 'mistaken' }))
    const { board } = await watch(screen, { kind: 'order', order: 'mistaken' })
    const voids = { source: 'erp', id: 'mistake' }
    await send(someEvent({ source: 'erp', type: 'event.voided', order: 'mistaken', stage: undefined, data: voids }))
    await eventually(() => expect(problems).toContainEqual({ board, code: 'not_found' }))
  })

  it('receives no changes of a query that it no longer watches', async () => {
    const screen = await open()
    const left = await watch(screen, { kind: 'orders', search: 'limit=10' })
    const kept = await watch(screen, { kind: 'overview' })
    screen.emit('query:unwatch', { board: left.board })
    await eventually(() => expect(server.server.queries.usage.live_queries.size).toBe(1))
    await send(someEvent({ occurredAt: hourAgo() }))
    await eventually(() => expect(kept.deltas).not.toEqual([]))
    expect(left.deltas).toEqual([])
  })

  it.each([
    ['nothing', undefined, 'bad_request'],
    ['what there is not', { kind: 'all' }, 'bad_request'],
    ['an order without a number', { kind: 'order' }, 'bad_request'],
    ['a list by what there is not', { kind: 'orders', search: 'colour=red' }, 'bad_request'],
    ['an order that there is not', { kind: 'order', order: 'none' }, 'not_found'],
    ['no period', { kind: 'overview', search: 'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z' }, 'invalid_field'],
  ])('is refused when it asks for %s', async (_, question, code) => {
    expect(await ask(await open(), question)).toEqual({ ok: false, code })
  })

  it('may watch some questions, and no more', async () => {
    const screen = await open()
    for (let limit = 1; limit <= 8; limit++) await watch(screen, { kind: 'orders', search: `limit=${limit}` })
    expect(await ask(screen, { kind: 'orders', search: 'limit=9' })).toEqual({ ok: false, code: 'overloaded' })
    expect(server.server.queries.usage.live_queries.size).toBe(8)
    // Repeating one of those eight queries does not count again.
    expect(await ask(screen, { kind: 'orders', search: 'limit=8' })).toMatchObject({ ok: true })
  })

  it('may not ask more of them at once either', async () => {
    const screen = await open()
    const limits = Array.from({ length: 20 }, (_, i) => i + 1)
    const answers = await Promise.all(limits.map((limit) => ask(screen, { kind: 'orders', search: `limit=${limit}` })))
    expect(answers.filter((answer) => queryWatchAnswer.parse(answer).ok)).toHaveLength(8)
  })

  it('asks one of five hundred different questions at most, of all pages together', async () => {
    const perPage = 8
    const pages = await Promise.all(Array.from({ length: 63 }, () => open()))
    const questionOf = (i: number) => ({ kind: 'orders', search: `customer=Customer ${i}` })
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, i) => ask(pages[Math.floor(i / perPage)]!, questionOf(i))),
    )
    expect(answers.filter((answer) => !queryWatchAnswer.parse(answer).ok)).toEqual([])
    const last = pages.at(-1)!
    expect(await ask(last, questionOf(500))).toEqual({ ok: false, code: 'overloaded' })
    expect(server.server.queries.usage.live_queries).toEqual({ size: 500, limit: 500 })
    // One that others have asked already costs nothing.
    expect(await ask(last, questionOf(0))).toMatchObject({ ok: true })
    pages[1]!.close()
    await eventually(async () => expect(await ask(last, questionOf(500))).toMatchObject({ ok: true }))
  })
})

function hourAgo(): string {
  return new Date(Date.now() - 3_600_000).toISOString()
}
