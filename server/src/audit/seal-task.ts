import type { Database } from '@stagewatch/db/database.ts'
import type { BackgroundTasks } from '../platform/background-tasks.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { appendHeads, readHeads } from './audit-heads.ts'
import { sealRows } from './seal-rows.ts'

const sealEveryMs = 60_000

interface SealTaskOptions {
  readonly database: Database
  readonly clock: Clock
  /** Folder for the heads of the chains. */
  readonly headsDirectory: string
}

/** Seals new rows once a minute, on one server instance, and writes the heads of the chains to files. */
export function startSealing(tasks: BackgroundTasks, { database, clock, headsDirectory }: SealTaskOptions): void {
  /** Hash that was written last, by site and stream. */
  const written = new Map<string, string>()
  tasks.start({
    name: 'seal-record',
    schedule: { everyMs: sealEveryMs },
    instances: 'one',
    async run() {
      await sealRows(database)
      const heads = await readHeads(database)
      const key = ({ site, stream }: (typeof heads)[number]) => JSON.stringify([site, stream])
      const changed = heads.filter((head) => written.get(key(head)) !== head.hash)
      await appendHeads(headsDirectory, changed, clock.now())
      for (const head of changed) written.set(key(head), head.hash)
    },
  })
}
