import { existsSync } from 'node:fs'
import { dwellDistribution } from '@stagewatch/server/analysis/dwell-distribution.ts'
import { stageFlow } from '@stagewatch/server/analysis/stage-flow.ts'
import { timeSpent } from '@stagewatch/server/analysis/time-spent.ts'
import type { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { directScans } from '@stagewatch/server/engine/scans/visit-scans.ts'
import { overview } from '@stagewatch/server/query/overview.ts'
import { dwellQuery, flowQuery, timeQuery } from '@stagewatch/shared/contract/analysis.ts'
import { describe, expect, it } from 'vitest'
import { logFile } from '../harness/log-folder.ts'
import { skipUnless } from '../harness/skip.ts'
import { casesOf, engineOf, realLogs } from './log-engine.ts'
import { readLog } from './read-log.ts'

const present = realLogs.every((log) => existsSync(logFile(log)))
const dayMs = 86_400_000
const hourMs = 3_600_000
const endedAt = Date.UTC(2100, 0)
/** The longest period of one query. */
const mostDays = 400
/** Large enough that every name of a log has a row, except for the thousands of customers of some logs. */
const top = 100

/** Maximum number of departments in the overview. */
const mostDepartments = 50

/** The visit that ends with a row and started at the row before it. */
interface Visit {
  readonly stage: string
  readonly customer: string
  readonly product: string
  readonly department: string
  readonly enteredAt: number
  readonly leftAt: number
}

function visitsOf(cases: ReturnType<typeof casesOf>): Visit[] {
  return [...cases.values()].flatMap((rows) => {
    const { customer = '', product = '' } = rows[0] ?? {}
    return rows.map(({ stage, at, department }, i) => {
      return { stage, customer, product, department, enteredAt: rows[i - 1]?.at ?? at, leftAt: at }
    })
  })
}

/** The nearest-rank percentile. */
function percentile(ascending: readonly number[], q: number): number {
  return ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? Number.NaN
}

/** Histograms are exact to within 1 %. */
function expectNear(told: number | undefined, exact: number): void {
  expect(Math.abs((told ?? Number.NaN) - exact)).toBeLessThanOrEqual(0.01 * exact)
}

const keyOf = {
  stage: ({ stage }: Visit) => stage,
  customer: ({ customer }: Visit) => customer,
  product: ({ product }: Visit) => product,
  department: ({ department }: Visit) => department,
  // 1 is Monday; 1970-01-01 was a Thursday.
  weekday: ({ enteredAt }: Visit) => String(((Math.floor(enteredAt / dayMs) + 3) % 7) + 1),
  hourOfDay: ({ enteredAt }: Visit) => String(Math.floor(enteredAt / hourMs) % 24),
}

/** The start of visits that began long before the period is not reported. */
function keyWithin(from: number, rows: keyof typeof keyOf, visit: Visit): string {
  const isOfBeginning = rows === 'weekday' || rows === 'hourOfDay'
  return isOfBeginning && visit.enteredAt < from - mostDays * dayMs ? 'earlier' : keyOf[rows](visit)
}

async function expectTimeSpent(
  engine: LiveEngine,
  visits: readonly Visit[],
  from: number,
  period: object,
): Promise<void> {
  for (const rows of ['stage', 'department', 'customer', 'product', 'weekday', 'hourOfDay'] as const) {
    const query = timeQuery.parse({ ...period, rows, clock: 'elapsed', top: String(top) })
    const answer = await timeSpent(engine, query, endedAt + 1, directScans)
    const exact = [...Map.groupBy(visits, (visit) => keyWithin(from, rows, visit))].map(([key, own]) => {
      const dwells = own.map(({ enteredAt, leftAt }) => leftAt - enteredAt).toSorted((a, b) => a - b)
      return { key, dwells, totalMs: dwells.reduce((sum, ms) => sum + ms, 0) }
    })
    const told = answer.rows.filter((row) => row.visits > 0)
    const totals = (all: readonly { readonly totalMs: number }[]) =>
      all.map(({ totalMs }) => totalMs).toSorted((a, b) => b - a)
    expect([rows, totals(told)]).toEqual([rows, totals(exact).slice(0, top)])
    for (const row of told) {
      const { dwells, totalMs } = exact.find(({ key }) => key === row.key)!
      expect([row.key, row.visits, row.totalMs]).toEqual([row.key, dwells.length, totalMs])
      expectNear(row.p50Ms, percentile(dwells, 0.5))
      expectNear(row.p90Ms, percentile(dwells, 0.9))
    }
    expect([answer.total.visits, (answer.rest?.visits ?? 0) + told.reduce((sum, row) => sum + row.visits, 0)]).toEqual([
      visits.length,
      visits.length,
    ])
  }
}

async function expectDistributions(engine: LiveEngine, visits: readonly Visit[], period: object): Promise<void> {
  for (const [stage, own] of Map.groupBy(visits, keyOf.stage)) {
    const dwells = own.map(({ enteredAt, leftAt }) => leftAt - enteredAt).toSorted((a, b) => a - b)
    const query = dwellQuery.parse({ ...period, stage, clock: 'elapsed' })
    const answer = await dwellDistribution(engine, query, endedAt + 1, directScans)
    expect([stage, answer.visits]).toEqual([stage, dwells.length])
    for (const q of [50, 75, 90, 95, 99] as const) expectNear(answer[`p${q}Ms`], percentile(dwells, q / 100))
    expect(answer.meanMs).toBeCloseTo(dwells.reduce((sum, ms) => sum + ms, 0) / dwells.length, 3)
  }
}

/** @param visits all of the log; those that ended before the period are ignored. */
async function expectFlow(engine: LiveEngine, visits: readonly Visit[], from: number, to: number): Promise<void> {
  const query = flowQuery.parse({ from: new Date(from).toISOString(), to: new Date(to).toISOString() })
  const answer = await stageFlow(engine, query, endedAt + 1, directScans)
  const days = Array.from({ length: (to - from) / dayMs }, (_, day) => from + day * dayMs)
  expect(answer.columns).toEqual(days)
  const byStage = Map.groupBy(
    visits.filter(({ enteredAt, leftAt }) => enteredAt < to && leftAt >= from),
    keyOf.stage,
  )
  expect(new Set(answer.stages.map(({ stage }) => stage))).toEqual(new Set(byStage.keys()))
  for (const { stage, openBefore, arrived, departed, open } of answer.stages) {
    const own = byStage.get(stage) ?? []
    const within = (at: number, day: number) => at >= day && at < day + dayMs
    expect([stage, openBefore]).toEqual([stage, own.filter(({ enteredAt }) => enteredAt < from).length])
    const plain = days.map((day) => [
      own.filter(({ enteredAt }) => within(enteredAt, day)).length,
      own.filter(({ leftAt }) => within(leftAt, day)).length,
      own.filter(({ enteredAt, leftAt }) => enteredAt < day + dayMs && leftAt >= day + dayMs).length,
    ])
    expect(days.map((_, place) => [arrived[place], departed[place], open[place]])).toEqual(plain)
  }
}

/** Uses the median of each stage as its target. @param targets of an engine with the visits and these targets. */
async function expectAttribution(
  targets: (targetsMs: ReadonlyMap<string, number>) => LiveEngine,
  visits: readonly Visit[],
  from: number,
  to: number,
): Promise<void> {
  const dwellOf = ({ enteredAt, leftAt }: Visit): number => leftAt - enteredAt
  const targetsMs = new Map(
    [...Map.groupBy(visits, keyOf.stage)].map(([stage, own]) => {
      const dwells = own.map(dwellOf).toSorted((a, b) => a - b)
      return [stage, Math.max(1, percentile(dwells, 0.5))] as const
    }),
  )
  const late = visits.filter((visit) => dwellOf(visit) >= (targetsMs.get(visit.stage) ?? Infinity))
  const exact = [...Map.groupBy(late, keyOf.department)].map(([department, own]) => ({
    department,
    overdueMs: own.reduce((sum, visit) => sum + dwellOf(visit) - (targetsMs.get(visit.stage) ?? 0), 0),
    visits: own.length,
  }))
  const { lateness } = await overview(targets(targetsMs), { from, to }, endedAt + 1)
  expect([lateness.visits, lateness.overdueMs]).toEqual([
    late.length,
    exact.reduce((sum, { overdueMs }) => sum + overdueMs, 0),
  ])
  const most = exact.toSorted((a, b) => b.overdueMs - a.overdueMs || (a.department < b.department ? -1 : 1))
  expect(lateness.departments).toEqual(most.slice(0, mostDepartments))
}

describe(
  'the analysis of a real log',
  skipUnless(present, 'real logs (STAGEWATCH_LOGS names no folder of them)'),
  () => {
    it.each(realLogs)('equals a naive computation over its rows: %s', async (log) => {
      const cases = casesOf(readLog(log))
      const visits = visitsOf(cases)
      const engine = engineOf(cases.values(), endedAt)
      const middle = percentile(
        visits.map(({ leftAt }) => leftAt).toSorted((a, b) => a - b),
        0.5,
      )
      const from = Math.floor(middle / dayMs - mostDays / 2) * dayMs
      const to = from + mostDays * dayMs
      const period = { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
      const left = visits.filter(({ leftAt }) => leftAt >= from && leftAt < to)
      expect(left.length).toBeGreaterThan(500)
      await expectTimeSpent(engine, left, from, period)
      await expectDistributions(engine, left, period)
      await expectFlow(engine, visits, from, to)
      // Days of 23 hours count as days of the overview.
      const end = to - 20 * dayMs
      const early = left.filter(({ leftAt }) => leftAt < end)
      await expectAttribution((targetsMs) => engineOf(cases.values(), endedAt, targetsMs), early, from, end)
    })
  },
)
