import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { Membership } from '@stagewatch/shared/contract/people.ts'
import { sendEvents } from '../harness/send-events.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'
import { someEvent } from './some-event.ts'

const now = Date.parse('2026-11-22T18:00:00+08:00')
const at = (hour: number) => new Date(Date.parse('2026-11-22T00:00:00+08:00') + hour * 3_600_000).toISOString()
const leadOf = (department: string): Membership => ({ role: 'lead', departments: [department] })

let server: PeopledServer
let [store, fleet]: (Visitor | undefined)[] = []

/** Cut in the store until 11:00; then handed over to the fleet and another customer, and packed there since 15:00. */
const history = [
  someEvent({
    order: 'SO-1',
    id: 'cut',
    stage: 'cut',
    occurredAt: at(9),
    data: { department: 'store', customer: 'Acme' },
  }),
  someEvent({ order: 'SO-1', id: 'cut done', type: 'stage.completed', stage: 'cut', occurredAt: at(11) }),
  someEvent({
    order: 'SO-1',
    id: 'handed over',
    type: 'order.changed',
    stage: undefined,
    occurredAt: at(14),
    data: { department: 'fleet', customer: 'Beta' },
  }),
  someEvent({ order: 'SO-1', id: 'pack', stage: 'pack', occurredAt: at(15) }),
  someEvent({ order: 'SO-1', id: 'pack done', type: 'stage.completed', stage: 'pack', occurredAt: at(16) }),
  someEvent({ order: 'SO-1', id: 'ship', stage: 'ship', occurredAt: at(17) }),
]

describe.each([
  ['as it happened', (events: typeof history) => events],
  ['in the opposite order', (events: typeof history) => events.toReversed()],
])('an order that was handed to another department, told %s', (_name, arranged) => {
  beforeAll(async () => {
    server = await startPeopled({ clock: new VirtualClock(now) })
    const key = await server.createKey(['ingest'])
    for (const event of arranged(history)) await sendEvents(server.url, key, [event])
    store = await server.join('store@example.com', leadOf('store'))
    fleet = await server.join('fleet@example.com', leadOf('fleet'))
  })
  afterAll(() => server.close())

  /** Finished visits by stage, as this visitor sees them. */
  async function visits(who: Visitor, query = ''): Promise<Record<string, number>> {
    const { body } = await who.call(`/api/v1/stages/stats?${query}`)
    const { stages } = body as { stages: { stage: string; visits: number }[] }
    return Object.fromEntries(stages.filter((stage) => stage.visits > 0).map((stage) => [stage.stage, stage.visits]))
  }

  it.each([
    ['department=store', { cut: 1 }],
    ['department=fleet', { pack: 1 }],
    ['customer=Acme', { cut: 1 }],
    ['customer=Beta', { pack: 1 }],
  ])('counts under ?%s what happened while that held', async (query, expected) => {
    expect(await visits(server.ada, query)).toEqual(expected)
  })

  it('counts for each department only while it belonged to that department', async () => {
    expect(await visits(store!)).toEqual({ cut: 1 })
    expect(await visits(fleet!)).toEqual({ pack: 1 })
  })

  it('shows each department what happened while it was theirs, and its current department the current order', async () => {
    const seen = async (who: Visitor) => {
      const { status, body } = await who.call('/api/v1/orders/SO-1')
      const { visits: shown, events } = body as { visits: { stage: string }[]; events: { id: string }[] }
      return { status, stages: shown.map(({ stage }) => stage), events: events.map(({ id }) => id).toSorted() }
    }
    // They also see the order's current attributes, but not what happens to it afterwards.
    expect(await seen(store!)).toEqual({ status: 200, stages: ['cut'], events: ['cut', 'cut done', 'handed over'] })
    expect(await seen(fleet!)).toEqual({
      status: 200,
      stages: ['pack', 'ship'],
      events: ['handed over', 'pack', 'pack done', 'ship'],
    })
    expect((await seen(server.ada)).stages).toEqual(['cut', 'pack', 'ship'])
  })

  it('is listed for its current department only', async () => {
    const listed = async (who: Visitor, query = ''): Promise<string[]> => {
      const { body } = await who.call(`/api/v1/orders?status=open${query}`)
      return (body as { orders: { order: string }[] }).orders.map(({ order }) => order)
    }
    expect(await listed(fleet!)).toEqual(['SO-1'])
    expect(await listed(store!)).toEqual([])
    expect(await listed(server.ada, '&department=store')).toEqual([])
    expect(await listed(server.ada, '&department=fleet')).toEqual(['SO-1'])
  })
})
