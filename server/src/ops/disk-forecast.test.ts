import { reservedBytes } from '@stagewatch/db/disk-space.ts'
import { describe, expect, it } from 'vitest'
import { forecastDisk } from './disk-forecast.ts'

const gigabyte = 1024 ** 3
const megabyte = 1024 ** 2
/** 1 KiB for each event and a thousand events a day: 1,000 KiB a day. */
const plant = {
  freeBytes: 100 * gigabyte,
  events: 100_000,
  eventBytes: 100_000 * 1024,
  databaseBytes: 100 * megabyte,
  dailyEvents: Array.from({ length: 28 }, () => 1_000),
  archiveBytesPerDay: 0,
}
const free = (days: number) => reservedBytes + days * 1_000 * 1024

describe('the forecast of the disk', () => {
  it('divides the free space, except the reserved one, by the growth of a day', () => {
    expect(forecastDisk({ ...plant, freeBytes: free(30.5) })).toEqual({
      eventsPerDay: 1_000,
      bytesPerEvent: 1024,
      bytesPerDay: 1_024_000,
      fullInDays: 30,
    })
    expect(forecastDisk({ ...plant, freeBytes: reservedBytes })?.fullInDays).toBe(0)
    expect(forecastDisk({ ...plant, freeBytes: 0 })?.fullInDays).toBe(0)
    expect(forecastDisk(plant)?.fullInDays).toBeUndefined()
  })

  it('counts days without events, but not the day on which history was imported', () => {
    const workdays = Array.from({ length: 28 }, (_, day) => (day % 7 < 5 ? 1_400 : 0))
    expect(forecastDisk({ ...plant, dailyEvents: workdays })?.eventsPerDay).toBe(1_000)
    const withImport = [5_000_000, ...plant.dailyEvents]
    expect(forecastDisk({ ...plant, dailyEvents: withImport })?.eventsPerDay).toBe(1_000)
    // Every night a file: that is usual.
    expect(forecastDisk({ ...plant, dailyEvents: [8_000, 9_000, 7_000] })?.eventsPerDay).toBe(8_000)
  })

  it('adds archives, and backups until there are as many as are kept', () => {
    expect(forecastDisk({ ...plant, freeBytes: free(30.5), archiveBytesPerDay: 1_024_000 })?.fullInDays).toBe(15)
    const backups = { newestBytes: 10 * megabyte, count: 14, keep: 14 }
    // 14 backups of a tenth of the database grow 1.4 times as fast as the database.
    expect(forecastDisk({ ...plant, freeBytes: free(24.5), backups })?.fullInDays).toBe(10)
    const few = { ...backups, count: 0 }
    const withFew = forecastDisk({ ...plant, freeBytes: free(30.5), backups: few })?.fullInDays
    expect(withFew).toBe(2)
  })

  it('is unknown without new events, and with few events', () => {
    expect(forecastDisk({ ...plant, dailyEvents: [], freeBytes: 0 })).toBeUndefined()
    expect(forecastDisk({ ...plant, dailyEvents: [0, 0], freeBytes: 0 })).toBeUndefined()
    expect(forecastDisk({ ...plant, events: 999, freeBytes: 0 })).toBeUndefined()
    expect(forecastDisk({ ...plant, events: -1, freeBytes: 0 })).toBeUndefined()
  })
})
