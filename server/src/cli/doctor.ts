import { parseArgs } from 'node:util'
import type { DoctorReport } from '@stagewatch/shared/contract/admin.ts'
import { callServerApi } from './call-server-api.ts'
import type { Command } from './command.ts'
import { exitCode, siteHelp, siteOptions } from './command.ts'

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'check the installation and report problems',
  help: `[OPTIONS]

${siteHelp}`,
  async run(args, terminal) {
    const { values } = parseArgs({ args: [...args], options: siteOptions })
    const request = { method: 'GET', path: '/api/v1/admin/doctor' } as const
    const report = await callServerApi<DoctorReport>(values.site, request, terminal)
    if (values.json) terminal.print(JSON.stringify(report))
    else
      for (const { name, ok, message } of report.checks) terminal.print(`${ok ? 'ok  ' : 'BAD '} ${name}: ${message}`)
    return report.ok ? exitCode.done : exitCode.problems
  },
}
