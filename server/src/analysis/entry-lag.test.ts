import { lagQuery } from '@stagewatch/shared/contract/analysis.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { describe, expect, it } from 'vitest'
import { LiveEngine } from '../engine/live-engine.ts'
import { entryLag } from './entry-lag.ts'
import type { EventGroup } from './recorded-events.ts'

const minute = 60_000
/** A Monday. */
const now = Date.parse('2026-11-23T12:00:00+08:00')

type Late = readonly [happened: string, lateMs: number]

function group(name: string | null, events: readonly Late[], process: string | null = null): EventGroup {
  const occurredAt = events.map(([happened]) => Date.parse(`${happened}:00+08:00`))
  return { name, process, occurredAt, recordedAt: events.map(([, lateMs], i) => occurredAt[i]! + lateMs) }
}

const bySource = [
  group('erp', [
    ['2026-11-22T23:30', 3 * minute],
    ['2026-11-22T23:40', 5 * minute],
  ]),
  group('scanner', [['2026-11-23T09:00', 60 * minute]]),
  // The source's clock is ahead.
  group('erp', [['2026-11-23T10:00', -2 * minute]]),
]

function ask(query: object, groups: readonly EventGroup[] = bySource) {
  const engine = new LiveEngine('Asia/Shanghai')
  const stages = [{ ...plainStage('packing'), name: { zh: '包装', en: 'Packing' } }]
  engine.setProcess(
    [{ definition: { code: 'default', name: { zh: '', en: '' }, stages, acceptsNewStages: true, goals: {} } }],
    now,
  )
  const read = async function* () {
    yield await Promise.resolve({ groups: groups.slice(0, 2), importedCount: 1 })
    yield { groups: groups.slice(2), importedCount: 2 }
    return { reachesBackTo: undefined }
  }
  return entryLag({ engine, read, namesOf: () => ({ erp: { zh: '企业系统', en: 'ERP' } }) }, lagQuery.parse(query), now)
}

describe('how late events are reported', () => {
  it('is reported by name over all pages, with the number of imported events', async () => {
    const answer = await ask({})
    const told = answer.rows.map(({ key, name, events: count, ahead }) => [key, name['en'], count, ahead])
    expect(told).toEqual([
      ['erp', 'ERP', 3, 1],
      ['scanner', 'scanner', 1, 0],
    ])
    // Of 0, 3 and 5 minutes.
    expect(answer.rows[0]!.p50Ms! / (3 * minute)).toBeCloseTo(1, 1)
    expect(answer.rows[0]!.p90Ms! / (5 * minute)).toBeCloseTo(1, 1)
    expect([answer.total.events, answer.total.ahead, answer.imported]).toEqual([4, 1, 3])
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

  it('names the stages of a process, and keeps those of another one apart', async () => {
    const late: Late = ['2026-11-23T09:00', minute]
    const groups = [
      group('packing', [late, late], 'default'),
      group('packing', [late], 'other'),
      group(null, [late], 'x'),
    ]
    const { rows } = await ask({ rows: 'stage' }, groups)
    expect(rows.map(({ key, process, name, events }) => [key, process, name['en'], events])).toEqual([
      ['packing', 'default', 'Packing', 2],
      ['', undefined, '', 1],
      ['packing', 'other', 'packing', 1],
    ])
  })

  it('is not filtered after the database has: the number of imported events is that of all orders', async () => {
    expect(await ask({ customer: 'Bolt' })).not.toHaveProperty('imported')
    expect(await ask({ process: 'default' })).not.toHaveProperty('imported')
  })
})
