import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { restoreBackup } from '../backup/restore-backup.ts'
import { plural } from '../platform/english-text.ts'
import { parseEnvironment } from '../platform/environment.ts'
import type { Command } from './command.ts'
import { exitCode, UsageError } from './command.ts'
import { openProgress } from './progress.ts'

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'restore a backup into an empty database',
  help: `FILE [OPTIONS]

Restores everything from FILE into the database of DATABASE_URL, or into DATA_DIR without it. Neither may contain data
yet, and no server may be running on it. Nothing is changed unless the whole file is intact. Whoever was signed in signs
in again, and messages that were waiting are not sent. Put the key of stored secrets back before the server starts:
DATA_DIR/stagewatch.secrets-key or SECRETS_KEY.

  --json                print the result as JSON, and nothing else`,
  async run(args, terminal) {
    const options = { json: { type: 'boolean', default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [file] = positionals
    if (file === undefined || positionals.length > 1) throw new UsageError('restore takes the file of one backup')
    const { DATABASE_URL: databaseUrl, DATA_DIR: directory } = parseEnvironment(process.env)
    const place = { databaseUrl, dataDirectory: resolve(directory) }
    const progress = openProgress(terminal, 'restoring')
    const { rowCounts } = await restoreBackup(resolve(file), place, {
      signal: terminal.stopped,
      progress: ({ done, total }) => progress.update(done / Math.max(1, total), plural(done, 'row')),
    }).finally(() => progress.close())
    // Runs the migrations that the backup does not have, and shows that the database can be opened.
    const { database, migrated } = await openDatabase(place)
    await database.close()
    const { events = 0, orders = 0, sites = 0 } = rowCounts
    if (values.json) terminal.print(JSON.stringify({ sites, orders, events, migrated }))
    else
      terminal.print(`restored ${plural(sites, 'site')} with ${plural(orders, 'order')} and ${plural(events, 'event')}`)
    return exitCode.done
  },
}
