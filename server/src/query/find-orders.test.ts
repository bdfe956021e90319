import { everybody } from '@stagewatch/shared/domain/access/audience.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { orderSorts, ordersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shipping } from '../boards/testing/board-of.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { findAllOrders, findOrders } from './find-orders.ts'
import type { OrderCursor } from './order-cursor.ts'
import { listOrder } from './order-sort.ts'
import { matcher } from './match-order.ts'
import { scanOrders } from './scan-orders.ts'

const now = Date.parse('2026-11-23T18:00:00+08:00')
const minute = 60_000

/** In a stage for this many minutes, between stages, or ended. */
const madeOrder = fc.record({
  kind: fc.constantFrom('open', 'open', 'held', 'between', 'completed', 'cancelled'),
  minutes: fc.integer({ min: 2, max: 400 }),
  customer: fc.constantFrom(undefined, 'Aster', 'ＡＳＴＥＲ West', '华东'),
  customerClass: fc.constantFrom(undefined, 'A', 'B'),
  product: fc.constantFrom(undefined, 'pump-7', 'O-0'),
  department: fc.constantFrom(undefined, 'east', 'west'),
  waybill: fc.constantFrom(undefined, undefined, 'SF-104', 'sf-205'),
  actor: fc.constantFrom(undefined, 'Li', 'Astrid'),
})
type MadeOrder = typeof madeOrder extends fc.Arbitrary<infer Made> ? Made : never

const question = fc.record({
  status: fc.constantFrom(
    undefined,
    undefined,
    'open',
    'completed',
    'held',
    'overdue',
    'unclaimed',
    'atRisk',
    'stalled',
  ),
  stage: fc.constantFrom(undefined, undefined, undefined, 'packing'),
  department: fc.constantFrom(undefined, undefined, ['east'], ['', 'west'], ['nowhere']),
  customer: fc.constantFrom(undefined, undefined, undefined, ['Aster', '']),
  customerClass: fc.constantFrom(undefined, undefined, undefined, ['A', '']),
  product: fc.constantFrom(undefined, undefined, undefined, ['pump-7']),
  from: fc.constantFrom(undefined, undefined, undefined, new Date(now - 2 * minute).toISOString()),
  q: fc.constantFrom(undefined, undefined, 'aster', 'O-1', 'o-03', 'ＳＦ', '5', 'ast', '\n'),
  sort: fc.constantFrom(undefined, 'match' as const, ...orderSorts, ...orderSorts.map((sort) => `-${sort}` as const)),
  limit: fc.integer({ min: 1, max: 12 }).map(String),
})

const audiences: readonly Audience[] = [
  everybody,
  { departments: undefined, privacy: { customers: 'masked', amounts: 'hidden', people: 'team' } },
]

function apply(engine: LiveEngine, number: number, made: MadeOrder): void {
  const { kind, minutes, actor, ...attributes } = made
  // The last stage has no limit.
  const stage = ['packing', 'picking', 'labelling'][number % 3] ?? ''
  const data = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
  const history: HistoryEntry[] = [['stage.entered', now - minutes * minute, { stage, data, ...(actor && { actor }) }]]
  if (kind === 'held') history.push(['order.held', now - minute, {}])
  if (kind === 'between') history.push(['stage.completed', now - minute, { stage }])
  const endedAt = now - (number % 4) * minute
  if (kind === 'completed' || kind === 'cancelled') history.push([`order.${kind}`, endedAt, {}])
  const order = `O-${String(number).padStart(2, '0')}`
  const events = eventLog(...history).map((event) => ({ ...event, order }))
  engine.apply(
    order,
    'default',
    foldOrder(order, events, { isTerminal: (code) => code === 'shipped' }),
    number + 9,
    now,
  )
}

function engineOf(made: readonly MadeOrder[]): LiveEngine {
  const engine = new LiveEngine('Asia/Shanghai')
  engine.setProcess([{ definition: shipping }], now)
  for (const [number, order] of made.entries()) apply(engine, number, order)
  return engine
}

/** Reference implementation that checks every order. */
function lookedUp(engine: LiveEngine, query: OrdersQuery, audience: Audience): string[] {
  const matches = matcher(query, { privacy: audience.privacy, now })
  const order = listOrder(query, audience, engine.departmentTexts)
  return [...engine.orders.values()]
    .map((counted) => ({
      counted,
      current: engine.open.get(counted.openSlot),
      endedAt: counted.head.endedAt ?? Number.NaN,
    }))
    .filter(({ counted, current }) => matches(counted, current))
    .map((found) => ({ order: found.counted.head.order, value: order.valueOf(found, now) }))
    .toSorted(order.compare)
    .map((found) => found.order)
}

async function allPages(engine: LiveEngine, query: OrdersQuery, audience: Audience) {
  const seen: string[] = []
  const totals = new Set<number>()
  let after: OrderCursor | undefined
  do {
    const page = await findOrders(engine, query, now, audience, after)
    seen.push(...page.orders.map(({ order }) => order))
    totals.add(page.total)
    after = page.last && { ...page.last, asOf: now, isOlder: false }
  } while (after !== undefined)
  return { seen, totals: [...totals] }
}

describe('a list of orders', () => {
  it('returns, page by page, the same as checking every order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(madeOrder, { maxLength: 30 }),
        question,
        fc.constantFrom(...audiences),
        async (made, asked, audience) => {
          const engine = engineOf(made)
          const query = ordersQuery.parse(asked)
          const expected = lookedUp(engine, query, audience)
          expect(await allPages(engine, query, audience)).toEqual({ seen: expected, totals: [expected.length] })
          expect(
            await findAllOrders(engine, query, listOrder(query, audience, engine.departmentTexts), now, audience),
          ).toEqual(expected)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('tells of no order twice, and of all that stay as they are, when others change while it is made', () => {
    fc.assert(
      fc.property(
        // More orders in a stage than are checked in one step.
        fc.array(
          madeOrder.map((made) => ({ ...made, kind: 'open' as const })),
          { minLength: 200, maxLength: 300 },
        ),
        fc.array(fc.tuple(fc.nat(199), madeOrder), { maxLength: 40 }),
        (made, changes) => {
          const engine = engineOf(made)
          const found: string[] = []
          const scan = scanOrders(engine, {}, { privacy: everybody.privacy, now }, ({ counted }) =>
            found.push(counted.head.order),
          )
          scan.next()
          for (const [number, order] of changes) apply(engine, number, order)
          scan.forEach(() => undefined)
          expect(found.toSorted()).toEqual([...engine.orders.keys()].toSorted())
        },
      ),
      { numRuns: 20 },
    )
  })

  it('finds orders that contain the text, although names come and go during the search', () => {
    fc.assert(
      fc.property(
        fc.array(madeOrder, { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(2), madeOrder), { minLength: 2, maxLength: 8 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom('ast', 'pump'),
        (made, changes, steps, q) => {
          const engine = engineOf(made)
          const view = { privacy: everybody.privacy, now }
          const matches = matcher({ q }, view)
          const doesMatch = (order: string): boolean => {
            const counted = engine.order(order)
            return counted !== undefined && matches(counted, engine.open.get(counted.openSlot))
          }
          const found: string[] = []
          const scan = scanOrders(engine, { q }, view, ({ counted: { head } }) => found.push(head.order))
          for (let i = 0; i < steps; i++) scan.next()
          const changed = new Set(changes.map(([number]) => `O-0${number}`))
          for (const [number, order] of changes) apply(engine, number, order)
          scan.forEach(() => undefined)
          expect(found.filter((order) => !doesMatch(order))).toEqual([])
          const same = [...engine.orders.keys()].filter((order) => !changed.has(order))
          expect(same.filter((order) => found.includes(order))).toEqual(same.filter(doesMatch))
        },
      ),
    )
  })

  it('lists exact matches first, then prefix matches, each with overdue orders first', async () => {
    const plain = { kind: 'completed' as const, minutes: 5, waybill: undefined, actor: undefined }
    const none = { customer: undefined, customerClass: undefined, product: undefined, department: undefined }
    const made = (more: Partial<MadeOrder>): MadeOrder => ({ ...plain, ...none, ...more })
    const engine = engineOf([
      made({ customer: 'Aster' }),
      made({ product: 'pump-7' }),
      made({ waybill: 'SF-104' }),
      made({ kind: 'open', minutes: 400, waybill: 'SF-104' }),
      made({ customer: 'ＡＳＴＥＲ West' }),
    ])
    const search = async (q: string) => (await allPages(engine, ordersQuery.parse({ q }), everybody)).seen
    expect(await search('ａｓｔｅｒ')).toEqual(['O-00', 'O-04'])
    expect(await search('ump')).toEqual(['O-01'])
    expect(await search('104')).toEqual(['O-03', 'O-02'])
    expect(await search('o-02')).toEqual(['O-02'])
    expect(await search('o-0')).toEqual(['O-03', 'O-00', 'O-01', 'O-02', 'O-04'])
  })
})
