import type { DryRunResult } from '@stagewatch/shared/contract/dry-run.ts'
import { runToEnd } from '@stagewatch/shared/domain/run-to-end.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SiteCalendars } from '../../rules/site-calendars.ts'
import { historyToSave } from '../../rules/version-to-save.ts'
import { LiveEngine } from '../live-engine.ts'
import { historySpanMs, siteLog } from '../testing/arbitrary-history.ts'
import { arbitraryCalendars, arbitraryDefinition, arbitraryVersions } from '../testing/arbitrary-rules.ts'
import { DryRun } from './dry-run.ts'

const hourMs = 3_600_000
const beginAt = Date.parse('2026-11-18T09:13:00+08:00')
const endsOrders = { isTerminal: (stage: string) => stage === 'shipped' }

interface Data {
  readonly states: ReadonlyMap<string, FoldedOrder>
  readonly calendars: SiteCalendars
  readonly now: number
}

/** The state of a server that has always had these rules. */
function engineWith(history: ProcessHistory, { states, calendars, now }: Data): LiveEngine {
  const engine = new LiveEngine('Asia/Shanghai')
  engine.setCalendars(calendars)
  engine.setProcess(history, now)
  for (const [order, state] of states) engine.apply(order, 'default', state, 1, now)
  return engine
}

function statesOf(events: readonly OrderEvent[]): Map<string, FoldedOrder> {
  const states = new Map<string, FoldedOrder>()
  for (const [order, log] of Map.groupBy(events, (event) => event.order)) {
    const state = foldOrder(order, log, endsOrders)
    if (state !== undefined) states.set(order, state)
  }
  return states
}

/** The engine's figures for visits that ended in the period, and for open orders. */
function figuresOf(engine: LiveEngine, from: number, now: number) {
  const stages = engine.process('default')?.stages ?? []
  const rows = [...engine.orders.values()]
    .flatMap((order) => order.ended.filter((place) => place >= 0))
    .map((place) => engine.ended.finished.read(place))
    .filter(({ leftAt }) => leftAt >= from && leftAt < now)
  return new Map(
    stages.map(({ index, definition, counts: { wip, overdue, atRisk, stalled } }) => {
      const ofStage = rows.filter(({ stage }) => stage === index)
      const breaches = ofStage.filter(({ breach }) => breach !== undefined).length
      return [definition.code, { visits: ofStage.length, breaches, wip, overdue, atRisk, stalled }] as const
    }),
  )
}

function conditionsOf(engine: LiveEngine): Map<string, string> {
  return new Map(
    [...engine.open].map(({ state, status: { overdue, atRisk, stalled } }) => [
      state.order,
      [overdue && 'overdue', atRisk && 'atRisk', stalled && 'stalled'].filter(Boolean).join(),
    ]),
  )
}

/** Number of visits of ended orders for whose limits memory may lack some facts. */
function doubtfulCount({ states }: Data): number {
  return [...states.values()]
    .filter(({ status }) => status !== 'open')
    .flatMap(({ visits, holds }) => visits.filter(({ attributes }) => attributes !== undefined || holds.length > 0))
    .length
}

const instant = fc.integer({ min: 0, max: historySpanMs }).map((ms) => beginAt + ms)
/** Orders move more often than in other tests, so that many visits end. */
const types = [
  'stage.entered',
  'stage.entered',
  'stage.entered',
  'order.held',
  'order.held',
  'order.resumed',
  'order.changed',
  'order.cancelled',
] as const
/** For an order that changes with each event, hardly any facts about its earlier visits are kept. */
function settled(event: OrderEvent): OrderEvent {
  const { department } = event.data
  return event.type === 'stage.entered' ? { ...event, data: department === undefined ? {} : { department } } : event
}

/** Orders that have ended, so their history is no longer in memory. */
function ended(events: readonly OrderEvent[]): OrderEvent[] {
  return [...new Set(events.map(({ order }) => order))].map((order) => ({
    source: 'erp',
    id: `${order}-end`,
    type: 'order.completed',
    order,
    data: {},
    occurredAt: beginAt + historySpanMs,
  }))
}

const logs = siteLog(beginAt, ['default'], types).map((events) => events.map(settled))
const situation = fc.record({
  events: fc.tuple(logs, fc.boolean()).map(([events, end]) => (end ? [...events, ...ended(events)] : events)),
  live: arbitraryVersions(instant),
  calendars: arbitraryCalendars,
  definition: arbitraryDefinition,
  validFrom: fc.option(instant, { nil: undefined }),
  wholePeriod: fc.boolean(),
  from: fc.oneof(fc.constant(beginAt - hourMs), fc.constant(beginAt - hourMs), instant),
  now: fc.oneof(instant, fc.constant(beginAt + historySpanMs + hourMs)),
})

describe('a dry run', () => {
  it('matches the engine after the release, and changes nothing', () => {
    let unjudged = 0
    let judged = 0
    let otherwise = 0
    fc.assert(
      fc.property(situation, ({ events, live, calendars, definition, validFrom, wholePeriod, from, now }) => {
        const data = { states: statesOf(events), calendars, now }
        const engine = engineWith(live, data)
        const before = [figuresOf(engine, from, now), engine.nextChangeAt(), engine.rules.history('default')]
        const draft = historyToSave(wholePeriod ? undefined : live, definition, validFrom, now)
        const result = runToEnd(new DryRun(engine, { draft, from, now }).run())
        expect([figuresOf(engine, from, now), engine.nextChangeAt(), engine.rules.history('default')]).toEqual(before)
        const released = engineWith(draft, data)
        compareStages(result, figuresOf(engine, from, now), figuresOf(released, from, now))
        expect(result.total.unjudged).toBeLessThanOrEqual(doubtfulCount(data))
        const [was, becomes] = [conditionsOf(engine), conditionsOf(released)]
        const changed = [...was].filter(([order, conditions]) => conditions !== becomes.get(order))
        expect(result.total.statusChanges).toBe(changed.length)
        expect(new Map(result.examples.map((each) => [each.order, each.draft.join()]))).toEqual(
          new Map(changed.map(([order]) => [order, becomes.get(order)])),
        )
        judged += result.total.visits
        unjudged += result.total.unjudged
        otherwise += Number(result.total.live.breaches !== result.total.draft.breaches)
      }),
      costlyPropertyRuns,
    )
    // Most visits are evaluated, and the results differ between the rules.
    expect(judged).toBeGreaterThan(2 * unjudged)
    expect(otherwise).toBeGreaterThan(0)
  })
})

/** Result for a stage that the draft does not name and that was never visited. */
const nothing = { visits: 0, breaches: 0, wip: 0, overdue: 0, atRisk: 0, stalled: 0 }

/** Visits that were not evaluated may or may not have passed their limits. */
function compareStages(
  { stages, total }: DryRunResult,
  live: ReturnType<typeof figuresOf>,
  draft: ReturnType<typeof figuresOf>,
): void {
  const told = new Map(stages.map((stage) => [stage.stage, stage]))
  for (const [code, is] of live) {
    const stage = told.get(code)
    const becomes = draft.get(code) ?? nothing
    const { unjudged = 0, visits = 0 } = stage ?? {}
    expect(visits + unjudged).toBe(is.visits)
    for (const [side, { breaches, overdue, atRisk, stalled }] of [
      [stage?.live, is],
      [stage?.draft, becomes],
    ] as const) {
      expect(side).toMatchObject({ overdue, atRisk, stalled })
      const doubt = breaches - (side?.breaches ?? 0)
      expect(doubt >= 0 && doubt <= unjudged).toBe(true)
    }
    expect(stage?.open).toBe(is.wip)
  }
  expect(total.open).toBe([...live.values()].reduce((sum, { wip }) => sum + wip, 0))
}
