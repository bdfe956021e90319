import { everybody } from '@stagewatch/shared/domain/access/audience.ts'
import { ordersQuery } from '@stagewatch/shared/contract/orders.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { Told } from '@stagewatch/shared/domain/testing/event-log.ts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shipping } from '../boards/testing/board-of.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { findOrders } from './find-orders.ts'

const now = Date.parse('2026-11-23T18:00:00+08:00')
const minute = 60_000

/** In a stage since so many minutes ago; in none any more; or over. */
const kinds = fc.oneof(
  fc.record({ kind: fc.constant('open'), minutes: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constantFrom('between', 'ended'), minutes: fc.integer({ min: 2, max: 400 }) }),
)

it('a page is the same whether all orders are looked at or those in a stage first', async () => {
  const orders = fc.array(kinds, { maxLength: 30 })
  const sorts = fc.constantFrom('overdue', '-overdue', 'dwell', 'stage', '-owner', 'age')
  const statuses = fc.constantFrom(undefined, 'open')
  await fc.assert(
    fc.asyncProperty(orders, sorts, statuses, fc.integer({ min: 1, max: 12 }), async (made, sort, status, limit) => {
      const engine = new LiveEngine('Asia/Shanghai')
      engine.setProcess([{ definition: shipping }], now)
      for (const [i, { kind, minutes }] of made.entries()) {
        // The last of the stages has no limit, and every other order nobody who has it.
        const stage = ['packing', 'picking', 'labelling'][i % 3] ?? ''
        const actor = i % 2 === 0 ? {} : { actor: `P${i % 5}` }
        const history: Told[] = [['stage.entered', now - minutes * minute, { stage, ...actor }]]
        if (kind === 'between') history.push(['stage.completed', now - minute, {}])
        if (kind === 'ended') history.push(['order.completed', now - minute, {}])
        const order = `O-${String(i).padStart(2, '0')}`
        const events = eventLog(...history).map((event) => ({ ...event, order }))
        const state = foldOrder(order, events, { isTerminal: (code) => code === 'shipped' })
        engine.apply(order, 'default', state, history.length, now)
      }
      const pages = async (more: Readonly<Record<string, unknown>>) => {
        const seen: string[] = []
        let cursor: string | undefined
        const totals: number[] = []
        do {
          const query = ordersQuery.parse({ sort, status, limit: String(limit), cursor, ...more })
          const page = await findOrders(engine, query, now, everybody)
          seen.push(...page.orders.map(({ order }) => order))
          totals.push(page.total)
          cursor = page.cursor
        } while (cursor !== undefined)
        return { totals, seen }
      }
      // A process that all orders have narrows nothing, but every order has to be looked at for it.
      expect(await pages({})).toEqual(await pages({ process: ['default'] }))
    }),
    { numRuns: 60 },
  )
})
