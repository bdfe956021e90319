import { reservedBytes } from '@stagewatch/db/disk-space.ts'

/** What is known about the disk of the database and what grows on it. */
export interface DiskGrowth {
  readonly freeBytes: number
  /** Size of the tables that grow with every event. */
  readonly eventBytes: number
  /** Number of events that this space is, or was, for; negative if unknown. */
  readonly events: number
  readonly databaseBytes: number
  /** Accepted events of each day of the last weeks, of which the first and the last may be incomplete. */
  readonly dailyEvents: readonly number[]
  /** Bytes of archives that are added to the same disk in a day. */
  readonly archiveBytesPerDay: number
  /** Daily backups on the same disk. */
  readonly backups?: { readonly newestBytes: number; readonly count: number; readonly keep: number } | undefined
}

export interface DiskForecast {
  readonly eventsPerDay: number
  readonly bytesPerEvent: number
  /** Growth of the database and of its archives in a day. */
  readonly bytesPerDay: number
  /** Full days until only the reserved space is left. Undefined: more than a year. */
  readonly fullInDays: number | undefined
}

/** With fewer events, most of the size of the tables is what empty ones have. */
const minEvents = 1_000
const maxForecastDays = 365
/** A day with this many times the usual number of events is one on which history was imported. */
const unusualRatio = 10

/**
 * The growth of the disk if as many events arrive as in the last weeks and take as much space as those before.
 * Undefined: there are too few events to tell.
 */
export function forecastGrowth(
  growth: Omit<DiskGrowth, 'freeBytes' | 'backups'>,
): Omit<DiskForecast, 'fullInDays'> | undefined {
  const { eventBytes, events, dailyEvents, archiveBytesPerDay } = growth
  const eventsPerDay = usualMean(dailyEvents)
  if (events < minEvents || eventsPerDay === 0) return undefined
  const bytesPerEvent = eventBytes / events
  return { eventsPerDay, bytesPerEvent, bytesPerDay: bytesPerEvent * eventsPerDay + archiveBytesPerDay }
}

/** The same, and when the disk is full. */
export function forecastDisk(growth: DiskGrowth): DiskForecast | undefined {
  const found = forecastGrowth(growth)
  return found && { ...found, fullInDays: daysUntilFull(growth, found.bytesPerDay) }
}

/** Backups are added until there are as many as are kept; after that, each is as much larger as the database is. */
function daysUntilFull({ freeBytes, databaseBytes, backups }: DiskGrowth, bytesPerDay: number): number | undefined {
  let left = freeBytes - reservedBytes
  let count = backups?.count ?? 0
  for (let days = 0; days <= maxForecastDays; days += 1) {
    if (left < bytesPerDay) return days
    left -= bytesPerDay
    if (backups === undefined) continue
    const grown = 1 + ((days + 1) * bytesPerDay) / Math.max(1, databaseBytes)
    const backupBytes = backups.newestBytes * grown
    if (count < backups.keep) {
      left -= backupBytes
      count += 1
    } else left -= (backups.keep * backups.newestBytes * bytesPerDay) / Math.max(1, databaseBytes)
    if (left < 0) return days
  }
  return undefined
}

/** The mean of the days, without those on which far more events than usual arrived. */
function usualMean(days: readonly number[]): number {
  const sorted = days.filter((count) => count > 0).toSorted((a, b) => a - b)
  const median = sorted[Math.floor((sorted.length - 1) / 2)]
  if (median === undefined) return 0
  const usual = days.filter((count) => count <= unusualRatio * median)
  return usual.reduce((sum, count) => sum + count, 0) / usual.length
}
