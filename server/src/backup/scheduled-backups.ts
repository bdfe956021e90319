import { join, resolve } from 'node:path'
import type { Database } from '@stagewatch/db/database.ts'
import type { Logger } from 'pino'
import type { BackgroundTasks } from '../platform/background-tasks.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { Environment } from '../platform/environment.ts'
import { backupFileName, deleteOldBackups, listBackups, writeBackupFile } from './backup-files.ts'
import type { BackupFile } from './backup-files.ts'

/** Backups that the server makes by itself. */
export interface BackupSchedule {
  readonly directory: string
  /** Time of day, `HH:MM`, in the time zone of the server's machine. */
  readonly at: string
  /** Number of backups that are kept. */
  readonly keep: number
}

/** Undefined: the server makes none. */
export function backupSchedule({
  BACKUP_DIR: directory,
  BACKUP_AT: at,
  BACKUP_KEEP: keep,
}: Pick<Environment, 'BACKUP_DIR' | 'BACKUP_AT' | 'BACKUP_KEEP'>): BackupSchedule | undefined {
  return directory === undefined ? undefined : { directory: resolve(directory), at, keep }
}

interface ScheduledBackupOptions {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly schedule: BackupSchedule
}

/** Makes a backup every day, on one server instance, and deletes those beyond the number to keep. */
export function startScheduledBackups(tasks: BackgroundTasks, options: ScheduledBackupOptions): void {
  tasks.start({
    name: 'write-backup',
    schedule: { next: (now) => nextTimeOfDay(options.schedule.at, now) },
    instances: 'one',
    run: () => writeScheduledBackup(options),
  })
}

/** Makes the backup of a day. */
export async function writeScheduledBackup({
  database,
  clock,
  logger,
  schedule: { directory, keep },
}: ScheduledBackupOptions): Promise<void> {
  const now = clock.now()
  const path = join(directory, backupFileName(now))
  const { summary } = await writeBackupFile(path, { database, now })
  // Not before the new one is complete.
  await deleteOldBackups(directory, keep)
  logger.info({ path, events: summary.rowCounts['events'] }, 'wrote a backup')
}

/** The first instant after `now` at a time of day. A time that a change to summer time skips is an hour later. */
export function nextTimeOfDay(at: string, now: number, zone: string = Temporal.Now.timeZoneId()): number {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate()
  const time = Temporal.PlainTime.from(at)
  const onDay = (days: number) =>
    today.add({ days }).toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds
  return onDay(0) > now ? onDay(0) : onDay(1)
}

/** A day, and the time that a backup may take. */
const staleAfterMs = 26 * 3_600_000

/** The scheduled backups at an instant. */
export interface BackupState {
  readonly ok: boolean
  readonly message: string
  readonly finding: 'backups_unscheduled' | 'backups_none' | 'backups_recent' | 'backups_old'
  /** The newest one. Undefined: there is none. */
  readonly newest?: BackupFile
}

/** Says how old the newest backup is, and whether it is older than it should be. */
export async function describeBackups(schedule: BackupSchedule | undefined, now: number): Promise<BackupState> {
  if (schedule === undefined) {
    const message = 'none are scheduled: set BACKUP_DIR, or run stagewatch backup regularly'
    return { ok: true, finding: 'backups_unscheduled', message }
  }
  const { directory, at } = schedule
  const [newest] = await listBackups(directory)
  if (newest === undefined) {
    const message = `${directory} has none yet; the next one is made at ${at}`
    return { ok: false, finding: 'backups_none', message }
  }
  const ok = now - newest.completedAt <= staleAfterMs
  const hours = Math.max(0, Math.round((now - newest.completedAt) / 3_600_000))
  const megabytes = Math.ceil(newest.bytes / 1_048_576)
  return {
    ok,
    finding: ok ? 'backups_recent' : 'backups_old',
    message: `the newest is ${hours} h old (${newest.name}, ${megabytes} MiB), and one is made every day at ${at}`,
    newest,
  }
}
