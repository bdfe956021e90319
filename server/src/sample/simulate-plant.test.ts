import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { parseEvent } from '../ingest/parse/parse-event.ts'
import { plantSources, plantStages } from './plant-definition.ts'
import { dayMs, hourMs, minuteMs } from './plant-time.ts'
import { plantHistory } from './testing/plant-history.ts'

const plant = { seed: 'phenomena', startAt: Date.UTC(2026, 4, 10, 6, 26) }
const until = plant.startAt + 30 * dayMs
const reports = plantHistory(plant, until)
const events = reports.map(({ event }) => event)

function foldedOrders() {
  const logs = Map.groupBy(events, ({ order }) => order)
  const rules = { isTerminal: () => false }
  return [...logs].flatMap(([order, log]) => foldOrder(order, log, rules) ?? [])
}

/** The event in the form in which a source sends it. */
function onTheWire(event: OrderEvent): object {
  const { promisedAt } = event.data
  const data = typeof promisedAt === 'number' ? { ...event.data, promisedAt: rfc3339(promisedAt) } : event.data
  return { ...event, occurredAt: rfc3339(event.occurredAt), data }
}

function rfc3339(instant: number): string {
  return new Date(instant).toISOString()
}

describe('the stream of reports', () => {
  test('is the same for the same seed and start', () => {
    expect(isDeepStrictEqual(plantHistory(plant, until), reports)).toBe(true)
  })

  test('is another for another seed', () => {
    const other = plantHistory({ ...plant, seed: 'other' }, plant.startAt + dayMs)
    expect(other).not.toEqual(reports.slice(0, other.length))
  })

  test('comes in order of reporting, and nothing is reported before it happened', () => {
    const times = reports.map(({ reportedAt }) => reportedAt)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(reports.filter(({ reportedAt, event }) => reportedAt < event.occurredAt)).toEqual([])
  })

  test('names each event once; only a repeated one comes with the same identity', () => {
    const known = new Map<string, OrderEvent>()
    const others = events.filter((event) => known.getOrInsert(event.id, event) !== event)
    expect(others).toEqual([])
    const sequences = Map.groupBy(known.values(), ({ source }) => source)
    for (const source of sequences.values()) {
      expect(new Set(source.map(({ sequence }) => sequence)).size).toBe(source.length)
    }
    expect(known.size).toBeLessThan(events.length)
  })

  test('holds at most some 60,000 events in 30 days', () => {
    expect(events.length).toBeGreaterThan(45_000)
    expect(events.length).toBeLessThan(62_000)
  })

  test('passes the parser unchanged', () => {
    const changed = events.filter((event) => {
      const parsed = parseEvent(onTheWire(event), until)
      return !parsed.ok || !isDeepStrictEqual(parsed.event, event)
    })
    expect(changed).toEqual([])
  })
})

describe('in 30 days', () => {
  test('every kind of event occurs', () => {
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(eventTypes))
  })

  test('every source reports, and every stage is passed', () => {
    expect(new Set(events.map(({ source }) => source))).toEqual(new Set(plantSources.map(({ source }) => source)))
    const stages = events.flatMap(({ stage }) => stage ?? [])
    expect(new Set(stages)).toEqual(new Set(Object.keys(plantStages)))
  })

  test('orders are reworked, held and resumed, cancelled, changed, and explained', () => {
    const orders = foldedOrders()
    const visits = orders.flatMap((order) => order.visits)
    const share = (count: number): number => count / orders.length
    expect(share(visits.filter(({ stage, nth }) => stage === 'produce' && nth > 1).length)).toBeGreaterThan(0.015)
    expect(share(visits.filter(({ nth }) => nth > 1).length)).toBeLessThan(0.15)
    expect(share(orders.filter(({ holds }) => holds.length > 0).length)).toBeGreaterThan(0.04)
    expect(share(orders.filter(({ status }) => status === 'cancelled').length)).toBeGreaterThan(0.005)
    expect(visits.filter(({ reason }) => reason !== undefined).length).toBeGreaterThan(1000)
    expect(orders.filter(({ reopenedCount }) => reopenedCount > 0)).toEqual([])
  })

  test('a mistyped event of the same order is taken back', () => {
    const voids = events.filter(({ type }) => type === 'event.voided')
    for (const { data, order } of voids) {
      expect(events.find(({ source, id }) => source === data['source'] && id === data['id'])?.order).toBe(order)
    }
  })

  test('some events are typed in hours later', () => {
    const lags = reports.map(({ reportedAt, event }) => reportedAt - event.occurredAt)
    expect(lags.filter((lagMs) => lagMs > hourMs).length).toBeGreaterThan(50)
    expect(Math.max(...lags)).toBeLessThanOrEqual(6 * hourMs)
  })

  test('the carrier is silent for 20 to 40 minutes now and then, and never otherwise', () => {
    const times = reports.filter(({ event }) => event.source === 'carrier').map(({ reportedAt }) => reportedAt)
    const steady = times.filter((at) => at > plant.startAt + 7 * dayMs)
    const gaps = steady.slice(1).map((at, i) => at - (steady[i] ?? at))
    expect(gaps.filter((gapMs) => gapMs >= 20 * minuteMs).length).toBeGreaterThan(40)
    expect(Math.max(...gaps)).toBeLessThan(65 * minuteMs)
  })
})
