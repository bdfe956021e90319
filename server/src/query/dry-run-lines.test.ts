import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { expect, it } from 'vitest'
import { DryRun } from '../engine/dry-run/dry-run.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { dryRunLines } from './dry-run-lines.ts'

const hourMs = 3_600_000
const definition = {
  code: 'default',
  name: { zh: '默认', en: 'Default' },
  stages: [{ ...plainStage('picking'), targetMs: hourMs }],
  acceptsNewStages: true,
  goals: {},
}

/** Orders that have been in picking for two hours. */
function runOver(orderCount: number): DryRun {
  const engine = new LiveEngine('UTC')
  for (let i = 0; i < orderCount; i++) {
    const order = `SO-${i}`
    const events = eventLog(['stage.entered', 0, { stage: 'picking', order }])
    engine.apply(order, 'default', foldOrder(order, events, { isTerminal: () => false }), 1, 2 * hourMs)
  }
  return new DryRun(engine, { draft: [{ definition }], from: 0, now: 2 * hourMs })
}

it('tells how far a dry run is, and its result at last', async () => {
  const lines = await Array.fromAsync(dryRunLines(runOver(3), 0))
  expect(lines.slice(0, 2)).toEqual([{ progress: { done: 0, total: 3 } }, { progress: { done: 1, total: 3 } }])
  expect(lines.at(-1)).toMatchObject({ result: { total: { open: 3, live: { overdue: 0 }, draft: { overdue: 3 } } } })
  expect(lines.slice(0, -1).every((line) => 'progress' in line)).toBe(true)
})

it('goes no further when nobody reads any more', async () => {
  const run = runOver(100)
  for await (const line of dryRunLines(run, 0)) if ('progress' in line && line.progress.done >= 10) break
  const { done } = run.progress
  await new Promise((resolve) => setImmediate(resolve))
  expect(run.progress.done).toBe(done)
  expect(done).toBeLessThan(20)
})
