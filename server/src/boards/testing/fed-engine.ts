import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { LiveEngine } from '../../engine/live-engine.ts'
import { foldAgain } from '../../projection/fold-orders.ts'

/** An order that entered a stage `ageMs` before the engine's instant. */
export interface EnteredOrder {
  readonly order: string
  readonly stage: string
  readonly ageMs: number
}

/** An engine with one process and these orders at `now`. */
export function fedEngine(
  process: ProcessDefinition,
  orders: readonly EnteredOrder[],
  now: number,
  timeZone = 'Asia/Shanghai',
): LiveEngine {
  const histories = orders.map(
    ({ order, stage, ageMs }) => [order, [['stage.entered', now - ageMs, { stage }]]] as const,
  )
  return engineWithHistories(process, histories, now, timeZone)
}

/** An engine with one process and orders with these histories, at `now`. */
export function engineWithHistories(
  process: ProcessDefinition,
  orders: readonly (readonly [order: string, history: readonly HistoryEntry[]])[],
  now: number,
  timeZone = 'Asia/Shanghai',
): LiveEngine {
  const engine = new LiveEngine(timeZone)
  engine.setProcess([{ definition: process }], now)
  const terminal = new Set(process.stages.filter((stage) => stage.terminal).map(({ code }) => code))
  const rules = {
    defaultProcess: process.code,
    rulesOf: () => ({ isTerminal: (stage: string) => terminal.has(stage) }),
  }
  for (const [order, history] of orders) {
    const events = eventLog(...history).map((event) => ({ ...event, order }))
    const folded = foldAgain(order, events, rules)
    engine.apply(order, folded.process, folded.state, folded.eventCount, now)
  }
  return engine
}
