import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { conditionSpans } from '@stagewatch/shared/domain/alerts/condition-spans.ts'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { AlertWorld, beginAt, entered, event, hourMs, minuteMs, setTarget, stepMinutes } from './alert-world.ts'

let world: AlertWorld

beforeAll(async () => (world = new AlertWorld(await openTestDatabase())))
afterEach(() => world.end())
afterAll(() => world.database.close())

/** Fewer than of other properties: a history takes a second, because all of its steps are stored. */
const runs = { numRuns: Number(process.env['FAST_CHECK_RUNS'] ?? 400) / 100 }
const acknowledgedForMs = hourMs
const condition = { kind: 'target', ratio: 1 } as const

const numbers = fc.integer({ min: 1, max: 5 }).map((n) => `SO-${n}`)
const doings = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('picking', 'packing', 'completed'), order: numbers }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('held', 'resumed', 'note'), order: numbers }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('acknowledged'), order: numbers }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('imported'), order: fc.constantFrom('IM-1', 'IM-2') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart', 'outage'), order: fc.constant('') }) },
)
const histories = fc.array(fc.record({ doing: doings, minutes: fc.constantFrom(0, 5, 10, 45, 90) }), {
  minLength: 12,
  maxLength: 20,
})

it('never lose an end, warn of an import, repeat a message, or send one while an alert is acknowledged', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      // Also after a history that failed.
      await world.end()
      world.begin()
      const { site } = await world.startInstance('a')
      await world.startInstance('b')
      await setTarget(site, hourMs)
      await world.createRule({
        condition,
        acknowledgedForMs,
        ladder: [{ afterMs: 0, to: [{ kind: 'channel', id: 'floor' }] }],
      })
      for (const { doing, minutes } of history) {
        await act(doing)
        await world.letPass(minutes === 0 ? stepMinutes : minutes)
        expect(await openOrders()).toEqual(ordersThatAreOverdue())
      }
      const log = await alertLog()
      const sent = world.told.flatMap((message) => {
        const [, orders = '', minute] = /^channel:floor (?:group|digest) (.*) @(.*)$/.exec(message) ?? []
        return orders.split(' ').map((order) => ({ order, minute: Number(minute) }))
      })
      expect(sent.filter(({ order }) => order.startsWith('IM'))).toEqual([])
      // The first message of each alert, and another whenever its acknowledgement has expired.
      const reasons = log.filter(({ kind, silent }) => !silent && (kind === 'began' || kind === 'reminded'))
      expect(countsOf(sent)).toEqual(countsOf(reasons))
      for (const { id, order, minute, until, began } of log.filter(({ kind }) => kind === 'acknowledged')) {
        expect(minute).toBeGreaterThanOrEqual(began)
        const over = log.find((entry) => entry.id === id && entry.minute > minute && entry.kind !== 'acknowledged')
        const end = Math.min(until ?? Infinity, over?.minute ?? Infinity)
        expect(sent.filter((one) => one.order === order && one.minute > minute && one.minute < end)).toEqual([])
      }
    }),
    runs,
  )
})

/** Orders of which an alert is open. */
async function openOrders(): Promise<string[]> {
  const rows = await world.database.query<{ order: string }>(
    'select order_id as "order" from alerts where ended_at is null order by order_id',
  )
  return rows.map(({ order }) => order)
}

/** The same by the data of the engine, without rules or alerts. */
function ordersThatAreOverdue(): string[] {
  const [first] = world.instances
  const now = world.clock.now()
  return [...(first?.site.engine.open.entries() ?? [])]
    .filter(([, { visit, state, sla }]) =>
      conditionSpans(condition, { visit, order: state, attributes: state.attributes, sla }).some(
        ({ from, to }) => from <= now && now < to,
      ),
    )
    .map(([, { state }]) => state.order)
    .toSorted()
}

/** All entries; times are minutes since the start. */
function alertLog() {
  return world.database.query<{
    id: number
    order: string
    kind: string
    minute: number
    until: number | null
    began: number
    silent: boolean
  }>(`
    select a.id::float8 as id, a.order_id as "order", l.kind, a.is_silent as silent,
      ((extract(epoch from l.at) * 1000 - ${beginAt}) / ${minuteMs})::float8 as minute,
      ((extract(epoch from l.until) * 1000 - ${beginAt}) / ${minuteMs})::float8 as until,
      ((extract(epoch from a.began_at) * 1000 - ${beginAt}) / ${minuteMs})::float8 as began
    from alert_log l join alerts a on a.site = l.site and a.id = l.alert_id order by l.id`)
}

function countsOf(list: readonly { readonly order: string }[]): Record<string, number> {
  const byOrder = Map.groupBy(list, ({ order }) => order)
  return Object.fromEntries([...byOrder].map(([order, { length }]) => [order, length]))
}

/** Does it on the first instance; the second reads what has changed. */
async function act(doing: { readonly kind: string; readonly order: string }): Promise<void> {
  await actOnFirst(doing)
  if (doing.order !== '') await world.instances[1]?.site.follow([doing.order], 0n)
}

async function actOnFirst({ kind, order }: { readonly kind: string; readonly order: string }): Promise<void> {
  const now = (world.clock.now() - beginAt) / minuteMs
  const [first] = world.instances
  if (first === undefined) throw new Error('no instance is running')
  switch (kind) {
    case 'picking':
    case 'packing':
      await submitEvents(first.site, [entered(order, now, kind)])
      return
    case 'imported':
      await first.site.submit({
        sender: 'import',
        imported: true,
        items: [{ index: 0, ok: true, event: entered(order, now), raw: {} }],
      })
      return
    case 'note':
      await submitEvents(first.site, [event(order, 'note.added', now)])
      return
    case 'completed':
    case 'held':
    case 'resumed':
    case 'acknowledged':
      await submitEvents(first.site, [event(order, `order.${kind}`, now, { actor: 'Li' })])
      return
    case 'restart':
      // The first instance stops in the middle of everything; the second continues with what is stored.
      await first.sites.close()
      world.instances.shift()
      await world.startInstance('c')
      return
    default:
      // Nobody works for three hours.
      world.clock.advanceTo(world.clock.now() + 3 * hourMs)
  }
}
