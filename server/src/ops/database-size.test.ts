import { reservedBytes } from '@stagewatch/db/disk-space.ts'
import { describe, expect, it } from 'vitest'
import { daysUntilFull } from './database-size.ts'

const gigabyte = 1024 ** 3
/** 1 KiB for each event, and a thousand events a day. */
const plant = { events: 100_000, eventBytes: 100_000 * 1024, weekEvents: 7_000 }

describe('the days until the disk is full', () => {
  it('follow from the events of the last week, and end at the reserved space', () => {
    expect(daysUntilFull({ ...plant, freeBytes: reservedBytes + 30.5 * 1_000 * 1024 })).toBe(30)
    expect(daysUntilFull({ ...plant, weekEvents: 14_000, freeBytes: reservedBytes + 30.5 * 1_000 * 1024 })).toBe(15)
    expect(daysUntilFull({ ...plant, freeBytes: reservedBytes })).toBe(0)
    expect(daysUntilFull({ ...plant, freeBytes: 0 })).toBe(0)
  })

  it('are unknown beyond a year, without new events, and with few events', () => {
    expect(daysUntilFull({ ...plant, freeBytes: 100 * gigabyte })).toBeUndefined()
    expect(daysUntilFull({ ...plant, weekEvents: 0, freeBytes: 0 })).toBeUndefined()
    expect(daysUntilFull({ ...plant, events: 999, freeBytes: 0 })).toBeUndefined()
    expect(daysUntilFull({ ...plant, events: -1, freeBytes: 0 })).toBeUndefined()
  })
})
