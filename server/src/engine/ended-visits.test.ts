import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import { describe, expect, it } from 'vitest'
import { EndedVisitReader } from './ended-visit-reader.ts'
import { EndedVisits, evictedPlace } from './ended-visits.ts'
import { StageAggregates } from './stage-aggregates.ts'
import type { DwellClock, VisitRow } from './visit-columns.ts'

const hour = 3_600_000
const name = { zh: '拣货', en: 'Picking' }
const picking = new StageAggregates('default', 0, { code: 'picking', name, warnAtRatio: 0.8, toleranceRatio: 0.1 })

const row: VisitRow = {
  stage: 2,
  order: 1,
  department: 3,
  customer: 4,
  customerClass: 5,
  product: 6,
  enteredAt: 1_000,
  leftAt: 5_000,
  workingMs: 1_500,
  rework: false,
  hasTarget: true,
  breach: { at: 2_000, overdueMs: 10 },
}

function endedVisits(): EndedVisits {
  return new EndedVisits(new LocalDays('UTC'), () => picking)
}

describe('ended visits', () => {
  it.each<{ readonly clock: DwellClock; readonly dwellMs: number }>([
    { clock: 'elapsed', dwellMs: 4_000 },
    { clock: 'working', dwellMs: 1_500 },
  ])('are read by their places, with their $clock time', ({ clock, dwellMs }) => {
    const ended = endedVisits()
    const [finished, cancelled] = ended.stores()
    const passed = finished!.add(row)
    const unlimited = finished!.add({ ...row, stage: 7, department: 8, hasTarget: false, breach: undefined })
    const withdrawn = ~cancelled!.add({ ...row, stage: 9, breach: undefined })
    const reader = new EndedVisitReader(ended, clock)
    const read = (place: number) => {
      expect(reader.read(place)).toBe(true)
      const { stage, department, isCancelled, hasTarget, breachedAt } = reader
      expect([reader.enteredAt, reader.leftAt, reader.dwellMs]).toEqual([1_000, 5_000, dwellMs])
      return [stage, department, isCancelled, hasTarget, breachedAt]
    }
    expect(read(passed)).toEqual([2, 3, false, true, 2_000])
    expect(read(unlimited)).toEqual([7, 8, false, false, undefined])
    expect(read(withdrawn)).toEqual([9, 3, true, true, undefined])
    expect(reader.read(evictedPlace)).toBe(false)
  })

  it('know the names of those that are no longer in memory', () => {
    const ended = endedVisits()
    ended.register({ customer: ['Aster', 'Borea'], customerClass: ['A'], product: ['lamp'], department: ['east'] })
    const { customers, customerClasses, products, departments } = ended
    expect(['Aster', 'Borea'].map((text) => customers.find(text))).toEqual([0, 1])
    expect([customerClasses.find('A'), products.find('lamp'), departments.find('east')]).toEqual([0, 0, 0])
    expect(Object.values(ended.usage).map(({ size }) => size)).toEqual([2, 1, 1, 1])
  })

  it('that are the newest begin with a full hour', () => {
    const ended = endedVisits()
    for (const leftAt of [1, 1.5, 2, 3.9]) ended.hours.add({ ...row, leftAt: leftAt * hour })
    expect([0, 1, 2, 3, 4].map((count) => ended.hourOfNewest(count) / hour)).toEqual([4, 3, 2, 2, -Infinity])
  })

  it('are not kept if they ended before memory starts, which never moves back', () => {
    const ended = endedVisits()
    expect(ended.startsAt).toBe(-Infinity)
    ended.startAt(2 * hour)
    ended.startAt(hour)
    expect(ended.startsAt).toBe(2 * hour)
    const [finished, cancelled] = ended.stores()
    const at = (leftAt: number): VisitRow => ({ ...row, enteredAt: 0, leftAt, breach: undefined })
    const [early, late] = [at(2 * hour - 1), at(2 * hour)]
    for (const each of [early, late]) ended.hours.add(each)
    const [gone, kept] = [finished!.add(early), finished!.add(late)]
    expect([gone, kept, ~cancelled!.add(early), ~cancelled!.add(late)].map((place) => ended.evict(place))).toEqual([
      evictedPlace,
      kept,
      evictedPlace,
      ~1,
    ])
    expect([finished!.size, cancelled!.size]).toEqual([1, 1])
    expect(ended.evict(evictedPlace)).toBe(evictedPlace)
  })
})
