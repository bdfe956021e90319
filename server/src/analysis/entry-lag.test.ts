import { lagQuery } from '@stagewatch/shared/contract/analysis.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { entryLag } from './entry-lag.ts'
import type { RecordedEvent } from './recorded-events.ts'

const minute = 60_000
/** A Monday. */
const now = Date.parse('2026-11-23T12:00:00+08:00')

const event = (happened: string, lateMs: number, more: Partial<RecordedEvent> = {}): RecordedEvent => {
  const occurredAt = Date.parse(`${happened}:00+08:00`)
  return {
    source: 'erp',
    stage: 'packing',
    actor: 'li',
    occurredAt,
    recordedAt: occurredAt + lateMs,
    imported: false,
    process: 'default',
    customer: 'Acme',
    product: null,
    customerClass: null,
    department: 'store',
    ...more,
  }
}

const events = [
  event('2026-11-22T23:30', 3 * minute),
  event('2026-11-22T23:40', 5 * minute),
  event('2026-11-23T09:00', 60 * minute, { source: 'scanner', stage: null, department: 'fleet', customer: 'Bolt' }),
  // The source's clock is ahead.
  event('2026-11-23T10:00', -2 * minute, { actor: null }),
  event('2020-01-01T00:00', 9, { imported: true }),
]

function ask(query: object) {
  const engine = new LiveEngine('Asia/Shanghai')
  const stages = [{ ...plainStage('packing'), name: { zh: '包装', en: 'Packing' } }]
  engine.setProcess(
    [{ definition: { code: 'default', name: { zh: '', en: '' }, stages, acceptsNewStages: true, goals: {} } }],
    now,
  )
  const read = async function* () {
    yield await Promise.resolve(events.slice(0, 2))
    yield events.slice(2)
    return { reachesBackTo: undefined }
  }
  return entryLag({ engine, read, namesOf: () => ({ erp: { zh: '企业系统', en: 'ERP' } }) }, lagQuery.parse(query), now)
}

describe('how late events are reported', () => {
  it('is reported by source with the number of events, without imported ones', async () => {
    const answer = await ask({})
    const told = answer.rows.map(({ key, name, events: count, ahead }) => [key, name['en'], count, ahead])
    expect(told).toEqual([
      ['erp', 'ERP', 3, 1],
      ['scanner', 'scanner', 1, 0],
    ])
    // Of 0, 3 and 5 minutes.
    expect(answer.rows[0]!.p50Ms! / (3 * minute)).toBeCloseTo(1, 1)
    expect(answer.rows[0]!.p90Ms! / (5 * minute)).toBeCloseTo(1, 1)
    expect([answer.total.events, answer.total.ahead, answer.imported]).toEqual([4, 1, 1])
  })

  it('is reported by weekday and hour in the time zone of the site', async () => {
    const { hours } = await ask({})
    const filled = hours.flatMap((day, weekday) =>
      day.flatMap(({ events: count }, hour) => (count === 0 ? [] : [[weekday + 1, hour, count]])),
    )
    expect(filled).toEqual([
      [1, 9, 1],
      [1, 10, 1],
      [7, 23, 2],
    ])
  })

  it.each([
    [
      'stage',
      {},
      [
        ['packing', 3],
        ['', 1],
      ],
    ],
    [
      'department',
      {},
      [
        ['store', 3],
        ['fleet', 1],
      ],
    ],
    [
      'actor',
      {},
      [
        ['li', 3],
        ['', 1],
      ],
    ],
    ['actor', { department: 'fleet' }, [['li', 1]]],
    ['source', { customer: 'Bolt' }, [['scanner', 1]]],
  ] as const)('is told by %s of the orders that are chosen: %j', async (rows, choice, expected) => {
    const answer = await ask({ rows, ...choice })
    expect(answer.rows.map(({ key, events: count }) => [key, count])).toEqual(expected)
  })
})
