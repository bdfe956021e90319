import type { Database } from '@stagewatch/db/database.ts'
import { readDatabaseSize } from './database-size.ts'
import type { DiskNeighbours } from './database-size.ts'
import type { Check } from './check-open-transactions.ts'

/** Time to buy a disk, or to agree on archiving. */
const warnBelowDays = 30

/** When the disk of the database will be full. */
export async function diskLasts(database: Database, neighbours: DiskNeighbours): Promise<Check> {
  const { forecast, freeBytes, fullInDays } = await readDatabaseSize(database, neighbours)
  const name = 'disk forecast'
  if (forecast === undefined)
    return { name, ok: true, message: 'too few events to tell when the disk will be full', finding: 'disk_unforeseen' }
  const { eventsPerDay, bytesPerEvent, bytesPerDay } = forecast
  const events = `${Math.round(eventsPerDay)} events a day of ${Math.round(bytesPerEvent)} bytes each`
  const rate = `${megabytes(bytesPerDay)} MiB a day (${events})`
  const bytes = Math.round(bytesPerDay)
  if (freeBytes === undefined) {
    const message = `the database grows by about ${rate}; how much its disk has free is not known on this machine`
    return { name, ok: true, message, finding: 'disk_elsewhere', bytes }
  }
  if (fullInDays === undefined) {
    const message = `not full within a year at the present rate: about ${rate}`
    return { name, ok: true, message, finding: 'disk_lasts', bytes }
  }
  const ok = fullInDays >= warnBelowDays
  const advice = ok ? '' : ': free space, use a larger disk, or archive old orders (docs/operating/retention.md)'
  const message = `full in about ${fullInDays} days at the present rate: about ${rate}${advice}`
  return { name, ok, message, finding: ok ? 'disk_lasts_days' : 'disk_full_soon', count: fullInDays, bytes }
}

function megabytes(bytes: number): string {
  const found = bytes / 1_048_576
  return found < 10 ? found.toFixed(1) : String(Math.round(found))
}
