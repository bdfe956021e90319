import { existsSync } from 'node:fs'
import { timeParts } from '@stagewatch/server/analysis/time-parts.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { directScans } from '@stagewatch/server/engine/scans/visit-scans.ts'
import { timeQuery } from '@stagewatch/shared/contract/analysis.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { describe, expect, it } from 'vitest'
import { logFile } from '../harness/log-folder.ts'
import { skipUnless } from '../harness/skip.ts'
import { casesOf } from './log-engine.ts'
import { readLog } from './read-log.ts'
import type { LogRow } from './read-log.ts'

/** The real logs that say when work on each step began. */
const logs = ['production', 'purchasing_example'] as const
const dayMs = 86_400_000

/** A step of an order: it waits from the end of the step before it until work begins. */
interface Step extends LogRow {
  readonly enteredAt: number
}

/** The steps of the orders whose steps follow each other. */
function stepsOf(log: string): Step[][] {
  const orders = [...casesOf(readLog(log)).values()].map((rows) =>
    rows.map((row, i) => ({ ...row, enteredAt: rows[i - 1]?.at ?? row.startedAt })),
  )
  return orders.filter((steps) =>
    steps.every(({ enteredAt, startedAt, at }) => enteredAt <= startedAt && startedAt <= at),
  )
}

function engineOf(orders: readonly (readonly Step[])[]): LiveEngine {
  const engine = new LiveEngine('UTC')
  const definition = { code: 'default', name: { zh: '', en: '' }, stages: [], acceptsNewStages: true, goals: {} }
  engine.setProcess([{ definition }], 0)
  for (const steps of orders) {
    const { order = '', product = '' } = steps[0] ?? {}
    const data = product === '' ? {} : { product }
    const events = steps.flatMap(({ stage, row, department, enteredAt, startedAt, at }): OrderEvent[] => {
      const own = { source: 'log', order, stage, data: department === '' ? data : { ...data, department } }
      return [
        { ...own, id: `${row}a`, sequence: 3 * row, type: 'stage.entered', occurredAt: enteredAt },
        { ...own, id: `${row}b`, sequence: 3 * row + 1, type: 'stage.started', occurredAt: startedAt },
        { ...own, id: `${row}c`, sequence: 3 * row + 2, type: 'stage.completed', occurredAt: at },
      ]
    })
    const state = foldOrder(order, events, { isTerminal: () => false })
    engine.apply(order, 'default', state, events.length, 0)
  }
  return engine
}

describe.each(logs)('%s', (log) => {
  it(
    'tells for each stage, department and product how long orders waited and were worked on',
    skipUnless(existsSync(logFile(log)), 'real logs (STAGEWATCH_LOGS names no folder of them)'),
    async () => {
      const orders = stepsOf(log)
      const steps = orders.flat()
      expect(orders.length).toBeGreaterThan(20)
      const engine = engineOf(orders)
      const ends = steps.map(({ at }) => at)
      const [from, to] = [Math.min(...ends), Math.max(...ends) + 1]
      expect((to - from) / dayMs).toBeLessThan(400)
      for (const rows of ['stage', 'department', 'product', 'hourOfDay'] as const) {
        const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
        const query = timeQuery.parse({ ...period, rows, clock: 'elapsed', top: '100' })
        const answer = await timeParts(engine, query, to, directScans)
        const keyOf = (step: Step): string =>
          rows === 'hourOfDay' ? String(Math.floor(step.enteredAt / 3_600_000) % 24) : step[rows]
        const exact = Map.groupBy(steps, keyOf)
        const told = answer.rows.filter(({ visits }) => visits > 0)
        expect(told.length).toBe(Math.min(100, exact.size))
        for (const row of told) {
          const own = exact.get(row.key)!
          const sum = (ms: (step: Step) => number): number => own.reduce((all, step) => all + ms(step), 0)
          const totalMs = sum(({ enteredAt, at }) => at - enteredAt)
          expect([row.key, row.visits, row.totalMs, row.heldMs, row.causes]).toEqual([
            row.key,
            own.length,
            totalMs,
            0,
            [],
          ])
          const errorMs = row.waitingMs - sum(({ enteredAt, startedAt }) => startedAt - enteredAt)
          expect(Math.abs(errorMs)).toBeLessThanOrEqual(0.0002 * totalMs + own.length)
          expect(row.waitingMs + row.workingMs).toBe(totalMs)
          expect(row.unsaidMs).toBe(0)
        }
        expect(answer.total.totalMs).toBe(steps.reduce((all, { enteredAt, at }) => all + at - enteredAt, 0))
      }
    },
  )
})
