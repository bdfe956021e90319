import { parseArgs } from 'node:util'
import { moveDatabase } from '../backup/move-database.ts'
import { plural } from '../platform/english-text.ts'
import { parseEnvironment } from '../platform/environment.ts'
import { megabytes } from './backup.ts'
import { openPlace } from './command-place.ts'
import type { Command } from './command.ts'
import { exitCode, UsageError } from './command.ts'
import { openProgress } from './progress.ts'

export const moveCommand: Command = {
  name: 'move',
  summary: 'move from the embedded database to PostgreSQL',
  help: `--to URL [OPTIONS]

Copies everything from the embedded database in DATA_DIR to an empty PostgreSQL database, compares every table, and
leaves DATA_DIR unchanged. Stop the server first. Then start it with DATABASE_URL=URL, and with SECRETS_KEY set to the
content of DATA_DIR/stagewatch.secrets-key if that file exists.

  --to URL              the empty database, postgres://user:password@host:5432/database
  --json                print the result as JSON, and nothing else`,
  async run(args, terminal) {
    const options = { to: { type: 'string' }, json: { type: 'boolean', default: false } } as const
    const { values } = parseArgs({ args: [...args], options })
    if (values.to === undefined) throw new UsageError('move needs --to URL')
    const environment = parseEnvironment({ ...process.env, DATABASE_URL: values.to })
    const { DATABASE_URL: current } = environment
    if (current === undefined) throw new UsageError('--to must be an address of PostgreSQL')
    const { database } = await openPlace({ ...environment, DATABASE_URL: undefined })
    const progress = openProgress(terminal, 'moving')
    try {
      const { rowCounts } = await moveDatabase(database, current, {
        signal: terminal.stopped,
        progress: ({ doneBytes, totalBytes }) =>
          progress.update(doneBytes / Math.max(1, totalBytes), `${megabytes(doneBytes)} MB`),
      })
      const { events = 0, orders = 0, sites = 0 } = rowCounts
      if (values.json) terminal.print(JSON.stringify({ sites, orders, events }))
      else
        terminal.print(
          `moved ${plural(sites, 'site')} with ${plural(orders, 'order')} and ${plural(events, 'event')}; every table is the same`,
        )
      return exitCode.done
    } finally {
      progress.close()
      await database.close()
    }
  },
}
