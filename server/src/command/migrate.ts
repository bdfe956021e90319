import { parseArgs } from 'node:util'
import type { MigrateReport } from '@stagewatch/shared/contract/admin.ts'
import { askServer } from './ask-server.ts'
import type { Command } from './command.ts'
import { exitCode, siteHelp, siteOptions } from './command.ts'

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring the tables of the database up to this version',
  help: `[OPTIONS]

${siteHelp}`,
  async run(args, terminal) {
    const { values } = parseArgs({ args: [...args], options: siteOptions })
    const request = { method: 'POST', path: '/api/v1/admin/migrate' } as const
    const report = await askServer<MigrateReport>(values.site, request, terminal)
    if (values.json) terminal.print(JSON.stringify(report))
    else if (report.applied.length === 0) terminal.print('nothing to do: the tables are up to date')
    else for (const migration of report.applied) terminal.print(`applied ${migration}`)
    return exitCode.done
  },
}
