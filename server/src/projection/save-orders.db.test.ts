import { setImmediate } from 'node:timers/promises'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FoldedChange } from './folded-change.ts'
import { saveOrders, StaleFoldError } from './save-orders.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** An order in its first stage, folded by a server that has not seen its row. */
function newOrder(order: string): FoldedChange {
  const event = {
    source: 'wms',
    id: order,
    type: 'stage.entered',
    order,
    stage: 'picking',
    occurredAt: 0,
    data: {},
  } as const
  const state = foldOrder(order, [event], { isTerminal: () => false })
  return { order, process: 'default', eventCount: 1, savedEventCount: 0, state, savedVisits: [] }
}

/** Delivers the answers to statements on orders only when the failure of a statement on visits has been processed. */
function answeringLate(tx: Queryable): { readonly late: Queryable; readonly failure: Promise<unknown> } {
  const failed = Promise.withResolvers<unknown>()
  return {
    failure: failed.promise,
    late: {
      ...tx,
      async query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]> {
        const answer = tx.query<Row>(text, parameters)
        if (/insert into visits/.test(text)) answer.catch(failed.resolve)
        const rows = await answer
        if (/insert into orders/.test(text)) {
          await failed.promise
          await setImmediate()
        }
        return rows
      },
    },
  }
}

it('a fold that another server has overtaken says so, although its visits collide first', async () => {
  const changes = [newOrder('SO-1')]
  await database.transaction((tx) => saveOrders(tx, 'main', changes))
  let collision: unknown
  const again = database.transaction(async (tx) => {
    const { late, failure } = answeringLate(tx)
    await saveOrders(late, 'main', changes).catch(async (error: unknown) => {
      collision = await failure
      throw error
    })
  })
  const error = await again.catch((failure: unknown) => failure)
  expect(error).toBeInstanceOf(StaleFoldError)
  expect(error).toMatchObject({ orders: ['SO-1'] })
  expect(String(collision)).toContain('visits')
})
