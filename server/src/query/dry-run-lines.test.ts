import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import type { DryRunLine } from '@stagewatch/shared/contract/dry-run.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { expect, it } from 'vitest'
import { DryRun } from '../engine/dry-run/dry-run.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
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
  return runOn(engineWith(orderCount))
}

function runOn(engine: LiveEngine): DryRun {
  return new DryRun(engine, { draft: [{ definition }], from: 0, now: 2 * hourMs })
}

function engineWith(orderCount: number): LiveEngine {
  const engine = new LiveEngine('UTC')
  for (let i = 0; i < orderCount; i++) {
    const order = `SO-${i}`
    const events = eventLog(['stage.entered', 0, { stage: 'picking', order }])
    engine.apply(order, 'default', foldOrder(order, events, { isTerminal: () => false }), 1, 2 * hourMs)
  }
  return engine
}

const longer = { ...definition, stages: [{ ...plainStage('picking'), targetMs: 3 * hourMs }] }
const problem = { code: 'conflict', message: expect.stringContaining('rules') as string }

it.each<readonly [string, (engine: LiveEngine) => void]>([
  ['another limit counts', (engine) => engine.setProcess([{ definition: longer }], 2 * hourMs)],
  ['a calendar has gone', (engine) => engine.setCalendars(new SiteCalendars())],
  [
    'all orders have been re-evaluated, so that none is',
    (engine) => {
      engine.setProcess([{ definition: longer }], 2 * hourMs)
      for (const _ of engine.reevaluateOpenOrders(2 * hourMs)) engine.stages()
      engine.noteReevaluated()
    },
  ],
])('reports the reason instead of figures when %s meanwhile', async (_, change) => {
  const engine = engineWith(50)
  const lines: DryRunLine[] = []
  for await (const line of dryRunLines(runOn(engine), 0)) {
    lines.push(line)
    if (lines.length === 5) change(engine)
  }
  expect(lines).toHaveLength(6)
  expect(lines.at(-1)).toEqual({ problem })
})

it('waits until every visit is evaluated by the current rules', async () => {
  const engine = engineWith(3)
  engine.setProcess([{ definition: longer }], 2 * hourMs)
  expect((await Array.fromAsync(dryRunLines(runOn(engine), 0))).at(-1)).toEqual({ problem })
  for (const _ of engine.reevaluateOpenOrders(2 * hourMs)) engine.stages()
  engine.noteReevaluated()
  expect((await Array.fromAsync(dryRunLines(runOn(engine), 0))).at(-1)).toMatchObject({
    result: { total: { open: 3, live: { overdue: 0 }, draft: { overdue: 3 } } },
  })
})

it('continues when a process with equivalent rules is saved', async () => {
  const engine = engineWith(50)
  engine.setProcess([{ definition: longer }], 2 * hourMs)
  engine.noteReevaluated()
  const lines: DryRunLine[] = []
  for await (const line of dryRunLines(runOn(engine), 0)) {
    lines.push(line)
    if (lines.length === 5) engine.setProcess([{ definition: { ...longer, name: { en: 'Renamed' } } }], 2 * hourMs)
  }
  expect(lines.at(-1)).toHaveProperty('result')
})

it('reports the progress of a dry run, and finally its result', async () => {
  const lines = await Array.fromAsync(dryRunLines(runOver(3), 0))
  expect(lines.slice(0, 2)).toEqual([{ progress: { done: 0, total: 3 } }, { progress: { done: 1, total: 3 } }])
  expect(lines.at(-1)).toMatchObject({ result: { total: { open: 3, live: { overdue: 0 }, draft: { overdue: 3 } } } })
  expect(lines.slice(0, -1).every((line) => 'progress' in line)).toBe(true)
})

it('stops when nobody reads the response', async () => {
  const run = runOver(100)
  for await (const line of dryRunLines(run, 0)) if ('progress' in line && line.progress.done >= 10) break
  const { done } = run.progress
  await new Promise((resolve) => setImmediate(resolve))
  expect(run.progress.done).toBe(done)
  expect(done).toBeLessThan(20)
})
