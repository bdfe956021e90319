import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { parseEnvironment } from '../platform/environment.ts'
import type { Command, Terminal } from './command.ts'
import { exitCode } from './command.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring the tables of the database up to this version',
  help: `[OPTIONS]

  --json                print the result as JSON, and nothing else`,
  async run(args, terminal) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
    const applied = await migrate(terminal)
    if (values.json) terminal.print(JSON.stringify({ applied }))
    else if (applied.length === 0) terminal.print('nothing to do: the tables are up to date')
    else for (const migration of applied) terminal.print(`applied ${migration}`)
    return exitCode.done
  },
}

/** Runs the missing migrations and returns their names in order. */
async function migrate(terminal: Terminal): Promise<readonly string[]> {
  const { DATABASE_URL: databaseUrl, DATA_DIR: directory } = parseEnvironment(process.env)
  try {
    const { database, migrated } = await openDatabase({ databaseUrl, dataDirectory: resolve(directory) })
    await database.close()
    return migrated
  } catch (error) {
    if (!(error instanceof DataDirectoryInUseError) || error.holder?.url === undefined) throw error
    terminal.note(`the server on ${error.holder.url} has migrated the database when it started`)
    return []
  }
}
