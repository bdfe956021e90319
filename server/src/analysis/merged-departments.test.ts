import { compareQuery } from '@stagewatch/shared/contract/analysis-compare.ts'
import { visitsQuery } from '@stagewatch/shared/contract/analysis-visits.ts'
import { lagQuery, timeQuery } from '@stagewatch/shared/contract/analysis.ts'
import { heatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { ordersQuery } from '@stagewatch/shared/contract/orders.ts'
import { everybody, openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { DepartmentTexts } from '@stagewatch/shared/domain/departments.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { plantCalendar, weekOf } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { shipping } from '../boards/testing/board-of.ts'
import { LiveEngine } from '../engine/live-engine.ts'
import { directScans } from '../engine/scans/visit-scans.ts'
import { historySpanMs, siteLog } from '../engine/testing/arbitrary-history.ts'
import { foldAgain } from '../projection/fold-orders.ts'
import { findOrders } from '../query/find-orders.ts'
import { heatmap } from '../query/heatmap.ts'
import { overview } from '../query/overview.ts'
import { restrictQuery } from '../query/restrict-query.ts'
import { SiteCalendars } from '../rules/site-calendars.ts'
import { comparePeriods } from './compare-periods.ts'
import { entryLag } from './entry-lag.ts'
import { describeOutliers } from './outliers.ts'
import { describePaths } from './paths.ts'
import { timeSpent } from './time-spent.ts'
import { listVisits } from './visits-behind.ts'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const dayMs = 86_400_000
const texts = ['Quality', 'QA', '质检', 'Sales', 'Fleet'] as const
/** More names than one scan counts. */
const manyNames = Array.from({ length: 1_100 }, (_, i) => `line ${i}`)

/** Each text belongs to one of two departments, or to none. */
const register = fc.tuple(...texts.map(() => fc.nat(2))).map((groups) =>
  [0, 1].flatMap((group): Department[] => {
    const [key, ...aliases] = texts.filter((_, i) => groups[i] === group)
    return key === undefined ? [] : [{ key, aliases, name: { en: key }, archived: false }]
  }),
)

const history = siteLog(beginAt, ['default']).chain((events) =>
  fc
    .array(fc.constantFrom(...texts), { minLength: events.length, maxLength: events.length })
    .map((named) => events.map((event, i) => inDepartment(event, (): string => named[i] ?? ''))),
)

function inDepartment(event: OrderEvent, rename: (text: string) => string): OrderEvent {
  const { department } = event.data
  return typeof department === 'string' ? { ...event, data: { ...event.data, department: rename(department) } } : event
}

interface Site {
  readonly engine: LiveEngine
  readonly events: readonly OrderEvent[]
  readonly managed: readonly Department[]
}

/** Quality and its synonyms work late; Sales is responsible for the stages. */
function siteOf(
  events: readonly OrderEvent[],
  managed: readonly Department[],
  keyOf: (text: string) => string,
  now: number,
): Site {
  const named = new DepartmentTexts(managed)
  const engine = new LiveEngine('Asia/Shanghai', undefined, () => named)
  const late = weekOf([{ from: '16:30', to: '00:30' }])
  const calendars = [plantCalendar({}), { ...plantCalendar({ week: late }), code: 'late' }]
  const ofQuality = texts.filter((text) => named.keyOf(text) === named.keyOf('Quality')).map((text) => [text, 'late'])
  engine.setCalendars(new SiteCalendars(calendars, { site: 'plant', departments: Object.fromEntries(ofQuality) }))
  const stages = shipping.stages.map((stage) => ({ ...stage, department: keyOf('Sales') }))
  engine.setProcess([{ definition: { ...shipping, stages } }], now)
  const rules = { defaultProcess: 'default', rulesOf: () => ({ isTerminal: (stage: string) => stage === 'shipped' }) }
  for (const [order, log] of Map.groupBy(events, (event) => event.order)) {
    const folded = foldAgain(order, log, rules)
    engine.apply(order, folded.process, folded.state, folded.eventCount, now)
  }
  return { engine, events, managed }
}

/** All figures that are grouped or filtered by department. */
async function figures({ engine, events, managed }: Site, department: string | undefined, now: number) {
  const within = <Q extends object>(query: Q) =>
    restrictQuery({ ...query, department: department === undefined ? undefined : [department] }, everybody, managed)
  const span = { from: beginAt - dayMs, to: now }
  const time = (top: number, rows: 'department' | 'weekday') =>
    timeSpent(engine, { ...timeQuery.parse({}), ...within({ ...span, rows, top }) }, now, directScans)
  const heat = (metric: string, columns: string, rows = 'department') =>
    heatmap(
      { engine, isMissing: () => false },
      { ...heatmapQuery.parse({ metric, rows, columns }), ...within(span) },
      now,
      directScans,
    )
  const read = async function* () {
    const groups = events.map(({ occurredAt, data }) => ({
      name: typeof data['department'] === 'string' ? data['department'] : null,
      process: null,
      occurredAt: [occurredAt],
      recordedAt: [occurredAt + 1_000],
    }))
    yield await Promise.resolve({ groups, importedCount: 0 })
    return { reachesBackTo: undefined }
  }
  const orders = async (sort: 'department' | '-department') => {
    const found = await findOrders(engine, { ...ordersQuery.parse({ sort }), ...within({}) }, now, everybody)
    return found.orders.map(({ order }) => order)
  }
  const compared = { ...compareQuery.parse({}), ...within({ beforeTo: beginAt, afterFrom: beginAt, afterTo: now }) }
  const all = await time(20, 'department')
  const isTied = new Set(all.rows.map(({ totalMs }) => totalMs)).size < all.rows.length
  const lag = await entryLag(
    { engine, read, namesOf: () => ({}) },
    { ...lagQuery.parse({ rows: 'department' }), ...within(span) },
    now,
  )
  const byKey = <R extends { readonly key: string }>(rows: readonly R[]) =>
    rows.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  return {
    time: { ...all, rows: byKey(all.rows) },
    longest: isTied ? undefined : await time(1, 'department'),
    weekdays: await time(20, 'weekday'),
    finished: [await heat('p50', 'day'), await heat('breachRatio', 'hourOfDay'), await heat('visits', 'weekday')],
    open: [await heat('wip', 'hour'), await heat('wip', 'hour', 'stage')],
    overview: await overview(engine, within({}), now),
    sinceShift: await overview(engine, within({ since: 'shift' as const }), now),
    outliers: await describeOutliers(engine, { ...within(span), clock: 'working' }, openPrivacy, now, directScans),
    compared: await comparePeriods(engine, compared, now, directScans),
    paths: await describePaths(engine, { ...within(span), clock: 'working' }, now),
    visits: await listVisits(engine, { ...visitsQuery.parse({ stage: 'picking' }), ...within(span) }, now),
    lag: { ...lag, rows: byKey(lag.rows) },
    orders: [await orders('department'), await orders('-department')],
  }
}

it('figures of departments that were merged are as if events had always named the one that remains', async () => {
  const asked = fc.option(fc.constantFrom(...texts), { nil: undefined })
  await fc.assert(
    fc.asyncProperty(
      fc.record({ events: history, managed: register, asked, sinceMs: fc.nat(historySpanMs), isLarge: fc.boolean() }),
      async ({ events, managed, asked: text, sinceMs, isLarge }) => {
        const now = beginAt + dayMs + sinceMs
        const named = new DepartmentTexts(managed)
        const keyOf = (one: string): string => named.keyOf(one)
        const merged = siteOf(events, managed, (one) => one, now)
        const renamed = siteOf(
          events.map((event) => inDepartment(event, keyOf)),
          managed.map((one) => ({ ...one, aliases: [] })),
          keyOf,
          now,
        )
        for (const { engine } of isLarge ? [merged, renamed] : []) {
          engine.ended.register({ customer: [], customerClass: [], product: [], department: manyNames })
        }
        const ofRenamed = await figures(renamed, text === undefined ? undefined : keyOf(text), now)
        expect(await figures(merged, text, now)).toEqual(ofRenamed)
      },
    ),
    // Each run sends every query twice.
    { ...costlyPropertyRuns, numRuns: Math.ceil(costlyPropertyRuns.numRuns / 4) },
  )
})
