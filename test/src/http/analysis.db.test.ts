import { existsSync } from 'node:fs'
import { dwellAnswer, flowAnswer, lagAnswer, timeAnswer } from '@stagewatch/shared/contract/analysis.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { logFile } from '../harness/log-folder.ts'
import { sendEvents } from '../harness/send-events.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { readLog } from '../logs/read-log.ts'
import { call } from './call.ts'

const log = 'receipt'
/** A period within the log. */
const [from, to] = ['2010-11-01T00:00:00Z', '2011-08-15T12:30:00Z']
const days = 60_000 * 60 * 24
const chunk = 1_000

let server: StartedServer
let key: string

async function ask<Answer extends z.ZodType>(path: string, answer: Answer): Promise<z.infer<Answer>> {
  const { status, body } = await call(`${server.url}/api/v1/analysis/${path}`, { key })
  expect([path, status]).toEqual([path, 200])
  return answer.parse(body)
}

const rows = <Row>(statement: string, ...values: unknown[]) => server.database.query<Row>(statement, values)
/** Within 1 %, as histograms tell durations. */
const isNear = (told: number | undefined, exact: number) =>
  told !== undefined && Math.abs(told - exact) <= 0.01 * exact + 1

describe('the figures of a real log', skipUnless(existsSync(logFile(log)), 'real logs (STAGEWATCH_LOGS)'), () => {
  beforeAll(async () => {
    server = await startServer()
    const ingest = await server.createKey(['ingest'])
    key = await server.createKey(['read'])
    const events = readLog(log).map(({ order, stage, at, row }) => ({
      source: row % 3 === 0 ? 'erp' : 'scanner',
      id: String(row),
      type: 'stage.entered',
      order,
      stage,
      occurredAt: new Date(at).toISOString(),
      sequence: row,
      data: { customer: `C${row % 7}` },
    }))
    for (let i = 0; i < events.length; i += chunk) await sendEvents(server.url, ingest, events.slice(i, i + chunk))
  })
  afterAll(() => server.close())

  interface StageRow {
    readonly stage: string
    readonly visits: number
    readonly total: number
    readonly p50: number
    readonly p90: number
  }
  const ended = `from visits where site = 'main' and not cancelled and left_at >= $1 and left_at < $2`
  const dwell = `extract(epoch from left_at - entered_at)::float8 * 1000`

  it('are those that SQL counts over the visits, stage by stage', async () => {
    const exact = await rows<StageRow>(
      `select stage, count(*)::int as visits, sum(${dwell})::float8 as total,
         percentile_disc(0.5) within group (order by ${dwell}) as p50,
         percentile_disc(0.9) within group (order by ${dwell}) as p90
       ${ended} group by stage`,
      from,
      to,
    )
    const answer = await ask(`time?clock=elapsed&top=100&from=${from}&to=${to}`, timeAnswer)
    expect(exact.length).toBeGreaterThan(10)
    const byStage = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]) => (a[0] < b[0] ? -1 : 1)
    expect(answer.rows.map((row) => [row.key, row.visits, row.totalMs] as const).toSorted(byStage)).toEqual(
      exact.map(({ stage, visits, total }) => [stage, visits, Math.round(total)] as const).toSorted(byStage),
    )
    const wrong = exact.filter(({ stage, p50, p90 }) => {
      const told = answer.rows.find((row) => row.key === stage)
      return !isNear(told?.p50Ms, p50) || !isNear(told?.p90Ms, p90)
    })
    expect(wrong).toEqual([])
    expect(answer.total.visits).toBe(exact.reduce((sum, { visits }) => sum + visits, 0))
  })

  it('are those that SQL counts by the weekday of entering', async () => {
    const exact = await rows<{ day: number; visits: number }>(
      `select extract(isodow from entered_at at time zone (select time_zone from sites where code = 'main'))::int as day,
         count(*)::int as visits ${ended} group by 1 order by 1`,
      from,
      to,
    )
    const answer = await ask(`time?rows=weekday&from=${from}&to=${to}`, timeAnswer)
    const told = answer.rows.filter(({ visits }) => visits > 0).map(({ key: day, visits }) => [Number(day), visits])
    expect(told).toEqual(exact.map(({ day, visits }) => [day, visits]))
  })

  it('spread the visits of a stage as SQL does, all of them counted', async () => {
    const [stage] = await rows<{ stage: string }>(
      `select stage ${ended} group by stage order by count(*) desc limit 1`,
      from,
      to,
    )
    const name = encodeURIComponent(stage!.stage)
    const answer = await ask(`dwell?clock=elapsed&stage=${name}&from=${from}&to=${to}`, dwellAnswer)
    const [exact] = await rows<{ p75: number; p99: number; mean: number }>(
      `select percentile_disc(0.75) within group (order by ${dwell}) as p75,
         percentile_disc(0.99) within group (order by ${dwell}) as p99, avg(${dwell})::float8 as mean
       ${ended} and stage = $3`,
      from,
      to,
      stage!.stage,
    )
    expect([isNear(answer.p75Ms, exact!.p75), isNear(answer.p99Ms, exact!.p99)]).toEqual([true, true])
    expect(answer.meanMs).toBeCloseTo(exact!.mean, 0)
    expect(answer.bins.reduce((sum, { finished }) => sum + finished, 0)).toBe(answer.visits)
    for (const [place, { fromMs, finished }] of answer.bins.entries()) {
      const next = answer.bins[place + 1]?.fromMs ?? Infinity
      const between = (low: number, high: number) =>
        rows<{ n: number }>(
          `select count(*)::int as n ${ended} and stage = $3 and ${dwell} >= $4::float8 and ${dwell} < $5::float8`,
          from,
          to,
          stage!.stage,
          low,
          high,
        )
      // A visit within 1 % of an edge may stand on its other side.
      const [[least], [most]] = await Promise.all([
        between(fromMs * 1.01, next * 0.99),
        between(fromMs * 0.99, next * 1.01),
      ])
      expect(finished).toBeGreaterThanOrEqual(least!.n)
      expect(finished).toBeLessThanOrEqual(most!.n)
    }
  })

  it('tell how late events were reported as SQL does', async () => {
    const lag = `extract(epoch from recorded_at - occurred_at)::float8 * 1000`
    const exact = await rows<{ source: string; n: number; p50: number; p90: number }>(
      `select source, count(*)::int as n, percentile_disc(0.5) within group (order by ${lag}) as p50,
         percentile_disc(0.9) within group (order by ${lag}) as p90
       from events where site = 'main' and not imported group by source order by n desc`,
    )
    const answer = await ask('lag', lagAnswer)
    expect(answer.rows.map((row) => [row.key, row.events])).toEqual(exact.map(({ source, n }) => [source, n]))
    for (const [place, { p50, p90 }] of exact.entries()) {
      const { p50Ms, p90Ms } = answer.rows[place]!
      expect([isNear(p50Ms, p50), isNear(p90Ms, p90)]).toEqual([true, true])
    }
    expect(answer.reachesBackTo).toBeUndefined()
    const inHours = answer.hours.flat().reduce((sum, { events }) => sum + events, 0)
    expect(inHours).toBe(exact.reduce((sum, { n }) => sum + n, 0))
  })

  it('count what came and went on each day, and what was open at its end, as SQL does', async () => {
    const answer = await ask(`flow?from=2011-06-20T00:00:00Z&to=${to}&customer=C1&customer=C2`, flowAnswer)
    const ends = [...answer.columns.slice(1), answer.columns.at(-1)! + days]
    const exact = await rows<{ stage: string; place: number; arrived: number; departed: number; open: number }>(
      `select stage, place::int, count(*) filter (where entered_at >= f and entered_at < t)::int as arrived,
         count(*) filter (where left_at >= f and left_at < t)::int as departed,
         count(*) filter (where entered_at < t and (left_at is null or left_at >= t))::int as open
       from unnest($1::float8[], $2::float8[]) with ordinality as days (from_ms, to_ms, place),
         lateral (select to_timestamp(from_ms / 1000) as f, to_timestamp(to_ms / 1000) as t) as span,
         visits join orders using (site, order_id)
       where site = 'main' and coalesce(visits.attributes->>'customer', customer) in ('C1', 'C2')
       group by stage, place`,
      answer.columns,
      ends,
    )
    const counted = new Map(exact.map(({ stage, place, ...counts }) => [`${stage} ${place - 1}`, counts]))
    expect(answer.stages.length).toBeGreaterThan(5)
    const told = new Map(
      answer.stages.flatMap(({ stage, arrived, departed, open }) =>
        ends.map((_, place) => [
          `${stage} ${place}`,
          { arrived: arrived[place], departed: departed[place], open: open[place] },
        ]),
      ),
    )
    expect(new Map([...told.keys()].map((name) => [name, counted.get(name)]))).toEqual(told)
  })
})
