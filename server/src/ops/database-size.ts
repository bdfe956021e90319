import { stat } from 'node:fs/promises'
import { freeBytes } from '@stagewatch/db/data-directory.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { sourceHours } from '@stagewatch/db/sources-schema.ts'
import { sql } from 'drizzle-orm'
import { listBackups } from '../backup/backup-files.ts'
import type { BackupSchedule } from '../backup/scheduled-backups.ts'
import { forecastDisk, forecastGrowth } from './disk-forecast.ts'
import type { DiskForecast } from './disk-forecast.ts'

/** What else may be on the disk of the database. */
export interface DiskNeighbours {
  readonly backups: BackupSchedule | undefined
  readonly archiveDirectory: string
}

interface DatabaseSize {
  readonly version: string
  /** Size of the database with all sites. */
  readonly bytes: number
  /** Undefined: its disk is on another machine, or not accessible. */
  readonly freeBytes?: number
  /** Undefined: there are too few events to tell. */
  readonly forecast?: Omit<DiskForecast, 'fullInDays'>
  /** See `DiskForecast`. Undefined also if the free space is unknown. */
  readonly fullInDays?: number
}

/** Over which the events of a day are averaged; counts of sources are kept this long. */
const weeks = 4

/** The size of the database, and when its disk will be full. */
export async function readDatabaseSize(database: Database, neighbours: DiskNeighbours): Promise<DatabaseSize> {
  const [row] = await drizzleOn(database).execute<{
    version: string
    bytes: number
    eventBytes: number
    events: number
    archived: number
    archiveBytes: number
  }>(sql`
    select current_setting('server_version') as version,
      pg_database_size(current_database())::float8 as bytes,
      (pg_total_relation_size('events'::regclass) + pg_total_relation_size('orders'::regclass)
        + pg_total_relation_size('visits'::regclass)
        + pg_total_relation_size('archived_events'::regclass))::float8 as "eventBytes",
      (select reltuples::float8 from pg_class where oid = 'events'::regclass) as events,
      (select coalesce(sum(${archives.eventCount}), 0)::float8 from ${archives}) as archived,
      (select coalesce(sum(${archives.bytes}), 0)::float8 from ${archives}
        where ${archives.archivedAt} > now() - make_interval(weeks => ${weeks})) as "archiveBytes"`)
  if (row === undefined) throw new Error('the database has no size')
  const { version, bytes, eventBytes } = row
  const directory = await directoryOf(database)
  const free = directory === undefined ? undefined : await freeBytes(directory).catch(() => undefined)
  const hasArchives = directory !== undefined && (await areOnOneDisk(directory, neighbours.archiveDirectory))
  const growth = {
    eventBytes,
    // The space of archived events is used again by later ones.
    events: row.events < 0 ? row.events : row.events + row.archived,
    databaseBytes: bytes,
    dailyEvents: await dailyEvents(database),
    archiveBytesPerDay: hasArchives ? row.archiveBytes / (7 * weeks) : 0,
  }
  if (directory === undefined || free === undefined) {
    const forecast = forecastGrowth(growth)
    return { version, bytes, ...(forecast !== undefined && { forecast }) }
  }
  const backups = await backupsOn(directory, neighbours.backups)
  const forecast = forecastDisk({ ...growth, freeBytes: free, backups })
  return {
    version,
    bytes,
    freeBytes: free,
    ...(forecast !== undefined && { forecast }),
    ...(forecast?.fullInDays !== undefined && { fullInDays: forecast.fullInDays }),
  }
}

/** Accepted events of each day since the first one of the last weeks. */
async function dailyEvents(database: Database): Promise<number[]> {
  const rows = await drizzleOn(database).execute<{ day: number; events: number; today: number }>(sql`
    select floor(extract(epoch from ${sourceHours.hourAt}) / 86400)::float8 as day,
      sum(${sourceHours.accepted})::float8 as events, floor(extract(epoch from now()) / 86400)::float8 as today
    from ${sourceHours} where ${sourceHours.hourAt} > now() - make_interval(weeks => ${weeks}) group by 1 order by 1`)
  const [first] = rows
  if (first === undefined) return []
  const events = new Map(rows.map(({ day, events: count }) => [day, count]))
  const days = Math.max(0, Math.min(7 * weeks, first.today - first.day)) + 1
  return Array.from({ length: days }, (_, i) => events.get(first.day + i) ?? 0)
}

/** Where the files of the database are, if they are on this machine. */
async function directoryOf(database: Database): Promise<string | undefined> {
  if (database.dataDirectory !== undefined || database.kind === 'embedded') return database.dataDirectory
  // Only some roles may see the setting; without a row, or with a connection from elsewhere, the disk is unknown.
  const [row] = await drizzleOn(database).execute<{ directory: string; isHere: boolean }>(sql`
    select setting as directory, inet_server_addr() is not distinct from inet_client_addr() as "isHere"
    from pg_settings where name = 'data_directory'`)
  return row?.isHere === true ? row.directory : undefined
}

async function areOnOneDisk(a: string, b: string): Promise<boolean> {
  const devices = await Promise.all([a, b].map((path) => stat(path).catch(() => undefined)))
  return devices.every((found) => found !== undefined && found.dev === devices[0]?.dev)
}

async function backupsOn(directory: string, schedule: BackupSchedule | undefined) {
  if (schedule === undefined || !(await areOnOneDisk(directory, schedule.directory))) return undefined
  const found = await listBackups(schedule.directory)
  const [newest] = found
  return newest && { newestBytes: newest.bytes, count: found.length, keep: schedule.keep }
}
