import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'csv-parse/sync'
import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { processDefinition } from '@stagewatch/shared/contract/process.ts'
import { bottleneckStrength } from '@stagewatch/shared/domain/bottleneck.ts'
import { heatClass } from '@stagewatch/shared/domain/heat-class.ts'
import { kaplanMeierPercentiles } from '@stagewatch/shared/domain/kaplan-meier.ts'
import type { EventType } from '@stagewatch/shared/domain/order-event.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import { calendarOf } from '@stagewatch/shared/domain/time/calendar-of.ts'
import { visitTimes } from '@stagewatch/shared/domain/visit-times.ts'
import { describePaths } from '@stagewatch/server/analysis/paths.ts'
import { stageFlow } from '@stagewatch/server/analysis/stage-flow.ts'
import { timeSpent } from '@stagewatch/server/analysis/time-spent.ts'
import type { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { directScans } from '@stagewatch/server/engine/scans/visit-scans.ts'
import { flowQuery, timeQuery } from '@stagewatch/shared/contract/analysis.ts'
import { bottleneckStages } from '@stagewatch/server/boards/bottleneck-stages.ts'
import { boardOf, boardSource } from '@stagewatch/server/boards/testing/board-of.ts'
import { engineWithHistories } from '@stagewatch/server/boards/testing/fed-engine.ts'
import { foldAgain } from '@stagewatch/server/projection/fold-orders.ts'

const pages = ['docs/explanation/what-is-counted.md', 'docs/explanation/what-is-counted.zh-CN.md'] as const
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const now = Date.parse('2026-11-20T10:10:00+08:00')

describe.each(pages)('the worked example of %s', (path) => {
  const page = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
  const [processText, calendarText] = blocksOf(page, 'json')
  const process = processDefinition.parse(JSON.parse(processText ?? ''))
  const histories = historiesOf(blocksOf(page, 'csv')[0] ?? '')
  const engine = engineWithHistories(process, [...histories], now)

  it('has the figures that the program computes', async () => {
    const { kpis, stages } = boardOf(engine, 'default', now)
    const picking = bottleneckStages(boardSource(engine, 'default'), now).find(({ stage }) => stage === 'picking')
    const { state } = foldAgain('D1', eventsOf('D1'), {
      defaultProcess: process.code,
      rulesOf: () => ({ isTerminal: (stage) => stage === 'shipped' }),
    })
    const folded = present(state)
    const packing = present(folded.visits.find(({ stage }) => stage === 'packing'))
    const sla = { calendar: alwaysOpen, targetMs: 90 * minuteMs, warnAtRatio: 0.8 }
    const times = visitTimes(packing, folded, sla, now)
    expect(figuresOf(page)).toEqual({
      ...(await analysisOf(engine)),
      open: kpis.open.count,
      overdue: kpis.overdue.count,
      unclaimed: kpis.overdue.unclaimed,
      atRisk: kpis.atRisk.count,
      soon: kpis.atRisk.soon,
      stalled: kpis.stalled.count,
      held: Object.values(stages).reduce((sum, { held }) => sum + held, 0),
      inToday: kpis.open.inToday,
      outToday: kpis.open.outToday,
      promisedSignedToday: kpis.onTime.signed,
      onTimeToday: kpis.onTime.onTime,
      leadTimeMedianHours: (kpis.leadTime.medianMs ?? Number.NaN) / hourMs,
      pickingWip: stages['picking']?.wip,
      pickingOverdue: stages['picking']?.overdue,
      pickingStrength: Math.round(bottleneckStrength(present(picking)) * 1e6) / 1e6,
      d1PackingWaiting: times.waiting.workingMs / minuteMs,
      d1PackingHeld: times.held.workingMs / minuteMs,
      d1PackingWorking: times.working.workingMs / minuteMs,
      d1PackingOverdue: times.overdue.workingMs / minuteMs,
    })
    expect(kpis.leadTime.count).toBe(3)
    expect(heatClass(3, 6, 0.1)).toBe(5)
  })

  it('has the working time that its calendar gives', () => {
    const { code, name, versions } = calendarDefinition.parse(JSON.parse(calendarText ?? ''))
    const calendar = calendarOf({ code, name, versions })
    const entered = Date.parse('2026-11-20T15:00:00+08:00')
    expect(calendar.instantAfter(entered, 4 * hourMs)).toBe(Date.parse('2026-11-23T10:00:00+08:00'))
  })

  it('has the percentiles of ten visits', () => {
    const durations = Array.from({ length: 10 }, (_, i) => ({ ms: (i + 1) * hourMs, count: 1 }))
    expect(kaplanMeierPercentiles(durations, [], [0.5, 0.9])).toEqual([5 * hourMs, 9 * hourMs])
  })

  function eventsOf(order: string) {
    const history = histories.get(order) ?? []
    return eventLog(...history).map((event) => ({ ...event, order }))
  }
})

/** The figures of the page Analysis for 19 and 20 November, in elapsed time. */
async function analysisOf(engine: LiveEngine): Promise<Record<string, number>> {
  const period = { from: Date.parse('2026-11-19T00:00:00+08:00'), to: Date.parse('2026-11-21T00:00:00+08:00') }
  const question = { ...timeQuery.parse({ clock: 'elapsed' }), ...period }
  const { rows } = await timeSpent(engine, question, now, directScans)
  const timeOf = (stage: string) => present(rows.find(({ key }) => key === stage))
  const flow = await stageFlow(engine, { ...flowQuery.parse({ columns: 'day' }), ...period }, now, directScans)
  const picking = present(flow.stages.find(({ stage }) => stage === 'picking'))
  const paths = await describePaths(engine, { ...period, clock: 'elapsed' }, now)
  const [variant] = paths.variants
  return {
    timeVisitsPicking: timeOf('picking').visits,
    timeTotalPickingMinutes: timeOf('picking').totalMs / minuteMs,
    timeMeanPickingMinutes: (timeOf('picking').meanMs ?? Number.NaN) / minuteMs,
    timeBreachesPicking: timeOf('picking').breaches,
    timeBreachesPacking: timeOf('packing').breaches,
    flowArrivedPicking: picking.arrived.at(-1) ?? Number.NaN,
    flowDepartedPicking: picking.departed.at(-1) ?? Number.NaN,
    flowOpenPicking: picking.open.at(-1) ?? Number.NaN,
    pathOrders: paths.orders,
    pathMostFrequent: present(variant).orders,
    pathLeadMedianHours: present(variant).p50LeadMs / hourMs,
    pathDeviating: paths.deviating,
  }
}

function blocksOf(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text)
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the example lacks this')
  return value
}

function figuresOf(page: string): Record<string, number> {
  const rows = page.matchAll(/^\| `(\w+)` +\| ([\d.]+) +\|/gm)
  return Object.fromEntries([...rows].map(([, name = '', value]) => [name, Number(value)]))
}

function historiesOf(csv: string): ReadonlyMap<string, readonly HistoryEntry[]> {
  const rows = parse<Record<string, string>>(csv, { columns: true })
  const histories = new Map<string, HistoryEntry[]>()
  for (const { order = '', type, stage, time = '', promised, owner } of rows) {
    const data = {
      ...(promised !== '' && promised !== undefined && { promisedAt: Date.parse(promised) }),
      ...(owner !== '' && { owner }),
    }
    const entry: HistoryEntry = [
      type as EventType,
      Date.parse(time),
      { data, ...(stage !== '' && stage !== undefined && { stage }) },
    ]
    histories.set(order, [...(histories.get(order) ?? []), entry])
  }
  return histories
}
