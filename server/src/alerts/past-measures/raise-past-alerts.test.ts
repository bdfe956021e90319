import { evaluateMeasure, initialMeasureState } from '@stagewatch/shared/domain/alerts/alert-measure.ts'
import type { MeasureState } from '@stagewatch/shared/domain/alerts/alert-measure.ts'
import type { MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { factsOf, measures } from '@stagewatch/shared/domain/alerts/measures.ts'
import { compareEvents } from '@stagewatch/shared/domain/event-order.ts'
import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import { runToEnd } from '@stagewatch/shared/domain/run-to-end.ts'
import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { LiveEngine } from '../../engine/live-engine.ts'
import { arbitraryCalendars, arbitraryVersions } from '../../engine/testing/arbitrary-rules.ts'
import { foldAgain } from '../../projection/fold-orders.ts'
import type { SiteCalendars } from '../../rules/site-calendars.ts'
import { MeasureValues } from '../measure-values.ts'
import type { MeasuredPlace } from '../measure-values.ts'
import { LookTimes } from './look-times.ts'
import { raisePastAlerts } from './raise-past-alerts.ts'
import { readPastOrders } from './read-past-orders.ts'
import type { PastRule } from './read-past-orders.ts'

const [minuteMs, hourMs] = [60_000, 3_600_000]
/** Two days before the clocks are set back in this zone. */
const timeZone = 'Europe/Berlin'
const beginAt = Date.parse('2026-10-23T22:00:00Z')
const folding = {
  defaultProcess: 'default',
  rulesOf: () => ({ isTerminal: (stage: string) => stage === 'shipped' }),
}

/** Length of a history and time between two looks: hours for what orders do, days for the lead time. */
const scales = [
  { spanMs: 48 * hourMs, everyMs: 10 * minuteMs },
  { spanMs: 13 * 24 * hourMs, everyMs: 2 * hourMs },
] as const

/** What an order does; `at` is the share of the span. */
interface Deed {
  readonly at: number
  readonly type: EventType
  readonly stage?: string
  readonly data?: OrderEvent['data']
}

const share = fc.double({ min: 0, max: 1, noNaN: true })
const deed = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      at: share,
      type: fc.constant('stage.entered' as const),
      stage: fc.constantFrom('picking', 'packing', 'labelling'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      at: share,
      type: fc.constant('order.held' as const),
      data: fc.record({ until: share }, { requiredKeys: [] }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ at: share, type: fc.constantFrom('order.resumed', 'note.added') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      at: share,
      type: fc.constant('stage.entered' as const),
      stage: fc.constantFrom('picking', 'packing', 'labelling'),
      data: fc.constant({ concurrent: true }),
    }),
  },
)
const end = fc.constantFrom<Pick<Deed, 'type' | 'stage'>>(
  { type: 'order.completed' },
  { type: 'order.completed' },
  { type: 'stage.entered', stage: 'shipped' },
  { type: 'order.cancelled' },
)

/** An order that is placed, does some things, and may end; nothing is known of it before, and nothing happens after. */
const orderLog = fc
  .record({
    placed: share,
    length: share,
    promised: fc.option(share),
    customerClass: fc.constantFrom('A', 'B'),
    deeds: fc.array(deed, { maxLength: 7 }),
    end: fc.option(end, { freq: 4 }),
  })
  .map(({ placed, length, promised, customerClass, deeds, end: last }): Deed[] => {
    const instant = (at: number) => placed + at * length * (1 - placed) * 0.99
    const data = { customerClass, ...(promised !== null && { promisedAt: instant(promised) }) }
    const done = deeds.map((one: Deed) => {
      const { until } = one.data ?? {}
      return { ...one, at: instant(one.at), ...(typeof until === 'number' && { data: { until: instant(until) } }) }
    })
    return [
      { at: placed, type: 'order.placed', data },
      ...done,
      ...(last === null ? [] : [{ ...last, at: instant(1) + 0.001 }]),
    ]
  })

const thresholds: Record<string, readonly (readonly [threshold: number, clearAt: number])[]> = {
  count: [
    [0, 0],
    [1, 1],
    [2, 1],
    [3, 1],
  ],
  ratio: [
    [0.2, 0.1],
    [0.5, 0.5],
    [0.7, 0.4],
  ],
  ms: [
    [2 * hourMs, hourMs],
    [9 * hourMs, 9 * hourMs],
    [40 * hourMs, 30 * hourMs],
  ],
}

const rule = fc.constantFrom(...measures.filter((measure) => measure !== 'silenceRatio')).chain((measure) => {
  const { sides, unit } = factsOf(measure)
  return fc
    .tuple(
      fc.constantFrom(...sides),
      fc.constantFrom(...(thresholds[unit] ?? [])),
      fc.constantFrom(0, 1, 10, 25, 125, 300),
    )
    .map(([side, [threshold, other], minutes]) => ({
      measure,
      condition: {
        kind: 'measure' as const,
        measure,
        ...(side === 'above' ? { above: threshold, clearAt: other } : { below: other, clearAt: threshold }),
        forMs: minutes * minuteMs,
      },
    }))
})
type Rule = typeof rule extends fc.Arbitrary<infer T> ? T : never

const history = fc.record({
  scale: fc.constantFrom(...scales),
  orders: fc.array(orderLog, { minLength: 12, maxLength: 30, size: 'max' }),
  versions: arbitraryVersions(fc.constantFrom(beginAt + 5 * hourMs, beginAt + 30 * hourMs)),
  calendars: arbitraryCalendars,
  /** Share of the span before the rule is switched on. */
  since: fc.constantFrom(0, 0.25, 0.6),
  rules: fc.array(rule, { minLength: 6, maxLength: 6 }),
})

/** A site whose engine is told of events. */
class Plant {
  readonly engine: LiveEngine
  readonly #logs = new Map<string, OrderEvent[]>()

  constructor(versions: ProcessHistory, calendars: SiteCalendars, maxVisits?: number) {
    this.engine = new LiveEngine(timeZone, maxVisits)
    this.engine.setCalendars(calendars)
    this.engine.setProcess(versions, beginAt)
  }

  receive(event: OrderEvent, now: number): void {
    this.engine.advance(now)
    const log = [...(this.#logs.get(event.order) ?? []), event]
    this.#logs.set(event.order, log)
    const { state, eventCount, process } = foldAgain(event.order, log, folding)
    this.engine.apply(event.order, process, state, eventCount, now)
  }
}

interface FoundAlert extends MeasuredPlace {
  readonly beganAt: number
  readonly endedAt?: number
  readonly value: number
}

/** What the live watch records when it looks at each of the times. */
class LiveWatch {
  readonly #rules: readonly Rule[]
  readonly #open = new Map<string, { state: MeasureState; alert?: FoundAlert }>()
  readonly found: FoundAlert[][]

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
    this.found = rules.map(() => [])
  }

  look(engine: LiveEngine, at: number): void {
    const values = new MeasureValues({ engine, sources: { freshness: () => ({}) } }, at)
    for (const [i, { condition }] of this.#rules.entries()) {
      for (const { place, value } of values.of({ condition, scope: {} })) {
        const key = JSON.stringify([i, place])
        const { state, alert } = this.#open.get(key) ?? { state: initialMeasureState }
        const next = evaluateMeasure(condition, state, value, at)
        const begun = next.isAlert && value !== undefined ? (alert ?? { ...place, beganAt: at, value }) : alert
        if (!next.isAlert && alert !== undefined) this.found[i]?.push({ ...alert, endedAt: at })
        this.#open.set(key, { state: next, ...(next.isAlert && begun !== undefined && { alert: begun }) })
      }
    }
  }

  end(): FoundAlert[][] {
    for (const [key, { alert }] of this.#open)
      if (alert !== undefined) this.found[Number(JSON.parse(key)[0])]?.push(alert)
    return this.found.map(sorted)
  }
}

function backTested(engine: LiveEngine, condition: MeasureCondition, looks: LookTimes, now: number): FoundAlert[] {
  const { measure } = condition
  if (measure === 'silenceRatio') throw new Error('sources are tested elsewhere')
  const asked: PastRule = { measure, scope: {} }
  const found: FoundAlert[] = []
  for (const past of runToEnd(readPastOrders(asked, { engine, looks, now })))
    runToEnd(raisePastAlerts(condition, past, ({ worstValue: _, ...alert }) => found.push(alert)))
  return sorted(found)
}

function sorted(alerts: readonly FoundAlert[]): FoundAlert[] {
  const keyOf = ({ process, stage, beganAt }: FoundAlert) => `${beganAt} ${process} ${stage}`
  return alerts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

it('finds the alerts that live evaluation raises when events are reported in time, and the same when they are not', () => {
  let alertCount = 0
  fc.assert(
    fc.property(history, fc.integer(), ({ scale, orders, versions, calendars, since, rules }, seed) => {
      const { spanMs, everyMs } = scale
      const instant = (at: number) => beginAt + Math.round(at * spanMs)
      const events = orders.flatMap((deeds, i) =>
        deeds.map(({ at, data = {}, ...rest }, j): OrderEvent => {
          const { promisedAt, until } = data
          return {
            ...rest,
            source: 'test',
            id: `${i}-${j}`,
            order: `SO-${i}`,
            occurredAt: instant(at),
            data: {
              ...data,
              ...(typeof promisedAt === 'number' && { promisedAt: instant(promisedAt) }),
              ...(typeof until === 'number' && { until: instant(until) }),
            },
          }
        }),
      )
      // The first order is there before the rule is switched on, so that the process is evaluated from then on.
      const first: OrderEvent = {
        source: 'test',
        id: 'first',
        type: 'order.placed',
        order: 'SO',
        occurredAt: beginAt,
        data: {},
      }
      const inOrder = [first, ...events].toSorted(compareEvents)
      const now = beginAt + spanMs
      const looks = new LookTimes(beginAt + since * spanMs, now, everyMs)
      const plant = new Plant(versions, calendars)
      const live = new LiveWatch(rules)
      let next = 0
      for (let look = 0; look <= looks.last; look++) {
        const at = looks.at(look)
        for (let event = inOrder[next]; event !== undefined && event.occurredAt <= at; event = inOrder[++next])
          plant.receive(event, event.occurredAt)
        plant.engine.advance(at)
        live.look(plant.engine, at)
      }
      const raised = live.end()
      alertCount += raised.flat().length
      expect(rules.map(({ condition }) => backTested(plant.engine, condition, looks, now))).toEqual(raised)
      const told = new Plant(versions, calendars)
      const shuffled = inOrder.toSorted((a, b) => scrambled(a.id, seed) - scrambled(b.id, seed))
      for (const event of shuffled) told.receive(event, now)
      // Like a server that started later, it has no stage that only an earlier version names and no order has visited.
      const stages = new Set(told.engine.stages().map(({ definition }) => definition.code))
      const ofStages = raised.map((alerts) => alerts.filter(({ stage }) => stage === '' || stages.has(stage)))
      expect(rules.map(({ condition }) => backTested(told.engine, condition, looks, now))).toEqual(ofStages)
    }),
    { ...costlyPropertyRuns, numRuns: costlyPropertyRuns.numRuns / 2 },
  )
  // A hundred or more as a rule; the cases are random.
  expect(alertCount).toBeGreaterThan(25)
})

it('knows nothing of a time whose visits or completed orders are no longer in memory', () => {
  const [versions] = fc.sample(arbitraryVersions(fc.constant(beginAt)), { numRuns: 1, seed: 1 })
  const [calendars] = fc.sample(arbitraryCalendars, { numRuns: 1, seed: 1 })
  if (versions === undefined || calendars === undefined) throw new Error('there is a sample of each')
  const plant = new Plant(versions, calendars, 10)
  const dayMs = 24 * hourMs
  for (let day = 0; day < 30; day++) {
    const order = `SO-${day}`
    for (const [type, hours] of [
      ['stage.entered', 0],
      ['order.completed', 5],
    ] as const) {
      const occurredAt = beginAt + day * dayMs + hours * hourMs
      const stage = type === 'stage.entered' ? { stage: 'picking' } : {}
      plant.receive({ source: 'test', id: type, type, order, occurredAt, data: {}, ...stage }, occurredAt)
    }
  }
  runToEnd(plant.engine.evictOldest())
  const { startsAt } = plant.engine.ended
  const now = beginAt + 30 * dayMs
  const looks = new LookTimes(beginAt, now, hourMs)
  const firstLook = (measure: PastRule['measure']) =>
    Math.min(
      ...runToEnd(readPastOrders({ measure, scope: {} }, { engine: plant.engine, looks, now })).map((past) =>
        looks.at(past.firstLook),
      ),
    )
  expect(startsAt).toBeGreaterThan(beginAt + 15 * dayMs)
  for (const measure of ['wipCount', 'openCount', 'overdueCount'] as const)
    expect(firstLook(measure)).toBeGreaterThanOrEqual(startsAt)
  expect(firstLook('growthPerHour')).toBeGreaterThanOrEqual(startsAt + 2 * hourMs)
  for (const measure of ['leadTimeMs', 'completedCount'] as const)
    expect(firstLook(measure)).toBeGreaterThanOrEqual(startsAt + 8 * dayMs)
})

/** A number that orders events at random. */
function scrambled(id: string, seed: number): number {
  let hash = seed
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16_777_619)
  return hash
}
