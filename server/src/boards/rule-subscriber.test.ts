import { expect, it, vi } from 'vitest'
import { repair, shipping } from './testing/board-of.ts'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { foldAgain } from '../projection/fold-orders.ts'
import { RuleSubscriber } from './rule-subscriber.ts'

it('evaluates again the orders that it missed when the database connection was lost', async () => {
  const [clock, engine] = [new VirtualClock(0), new LiveEngine('UTC')]
  const watch = new RuleSubscriber(engine, clock, 'Asia/Shanghai')
  watch.process([{ definition: shipping }])
  const rules = { defaultProcess: 'default', rulesOf: () => ({ isTerminal: () => false }) }
  const event = { source: 'wms', id: '1', type: 'stage.entered', order: 'SO-1', stage: 'packing', data: {} } as const
  const { order, process, state, eventCount } = foldAgain('SO-1', [{ ...event, occurredAt: 0 }], rules)
  engine.apply(order, process, state, eventCount, 0)
  watch.process([{ definition: { ...repair, code: 'default' } }])

  const readOrders = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error('the connection is lost'))
  await expect(watch.reevaluate(readOrders, () => undefined)).rejects.toThrow('the connection is lost')
  readOrders.mockResolvedValue()
  await watch.reevaluate(readOrders, () => undefined)
  expect(readOrders).toHaveBeenCalledTimes(2)
  await watch.reevaluate(readOrders, () => undefined)
  expect(readOrders).toHaveBeenCalledTimes(2)
})
