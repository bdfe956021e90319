import type { Database } from '@stagewatch/db/database.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { foldAgain } from '@stagewatch/server/projection/fold-orders.ts'
import { stageStatistics } from '@stagewatch/server/query/stage-stats.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { expect } from 'vitest'
import { withoutAges } from '../harness/without-ages.ts'
import { eventually } from '../harness/eventually.ts'

/** Expects the log to contain exactly these events, each once. */
export async function expectLog(database: Database, events: readonly OrderEvent[]): Promise<void> {
  const rows = await database.query<{ id: string }>('select id from events')
  expect(rows.map(({ id }) => id).toSorted()).toEqual(events.map(({ id }) => id).toSorted())
}

/** Expects the server at the address to show the statistics of these events. */
export async function expectShown(url: string, events: readonly OrderEvent[]): Promise<void> {
  const expected = await truth(events)
  // Events of another instance, and commits whose response was lost, are read from the log a moment later.
  await eventually(async () => expect(await statistics(url)).toEqual(expected))
}

async function statistics(url: string): Promise<StageStats[]> {
  const reply = await fetch(`${url}/api/v1/stages/stats?site=main`)
  return byStage(stageStatsAnswer.parse(await reply.json()).stages)
}

/** The statistics from folding all events at once, without a server. */
async function truth(events: readonly OrderEvent[]): Promise<StageStats[]> {
  const engine = new LiveEngine('UTC')
  for (const [order, log] of Map.groupBy(events, (event) => event.order)) {
    const rules = { defaultProcess: 'default', rulesOf: () => ({ isTerminal: () => false }) }
    const { process, state, eventCount } = foldAgain(order, log, rules)
    engine.apply(order, process, state, eventCount, Date.now())
  }
  return byStage(await stageStatistics(engine, {}))
}

function byStage(stages: readonly StageStats[]): StageStats[] {
  return stages.map(withoutAges).toSorted((a, b) => (a.stage < b.stage ? -1 : 1))
}
