import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import { expect, it } from 'vitest'
import { textsOfOrders } from './translatable-texts.ts'

it('names whoever has to do with an order: owner, who acknowledged it, and owners of other activities', () => {
  const order: OrderSummary = {
    order: 'SO-1',
    process: 'default',
    status: 'open',
    overdue: true,
    atRisk: false,
    stalled: false,
    held: false,
    unclaimed: false,
    ageMs: 0,
    owner: 'Wu',
    acknowledged: { at: 0, by: 'Fang' },
    alongside: [{ stage: 'sew', stageName: { en: 'Sewing' }, enteredAt: 0, owner: 'Li', department: 'sewing' }],
  }
  expect([...textsOfOrders({ orders: [order] })]).toEqual(['Wu', 'Fang', 'Li', 'sewing'])
})
