import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { LiveEngine } from '../../engine/live-engine.ts'
import { foldAgain } from '../../projection/fold-orders.ts'

/** An order that entered a stage; `ageMs` before the instant for which the engine is fed. */
export interface EnteredOrder {
  readonly order: string
  readonly stage: string
  readonly ageMs: number
  readonly reason?: string
}

/** An engine with one process and these orders at `now`. */
export function fedEngine(
  process: ProcessDefinition,
  orders: readonly EnteredOrder[],
  now: number,
  timeZone = 'Asia/Shanghai',
): LiveEngine {
  const engine = new LiveEngine(timeZone)
  engine.setProcess([{ definition: process }], now)
  for (const entered of orders) enter(engine, process.code, entered, now)
  return engine
}

function enter(engine: LiveEngine, process: string, { order, stage, ageMs }: EnteredOrder, now: number): void {
  const event: OrderEvent = {
    source: 'test',
    id: `${order} ${stage}`,
    type: 'stage.entered',
    order,
    stage,
    occurredAt: now - ageMs,
    data: {},
  }
  const rules = { defaultProcess: process, rulesOf: () => ({ isTerminal: () => false }) }
  const folded = foldAgain(order, [event], 0, rules)
  engine.apply(order, folded.process, folded.state, folded.eventCount, now)
}
