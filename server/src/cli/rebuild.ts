import { parseArgs } from 'node:util'
import type { RebuildReport } from '@stagewatch/shared/contract/admin.ts'
import { plural } from '../platform/english-text.ts'
import { callServerApi } from './call-server-api.ts'
import type { Command } from './command.ts'
import { exitCode, siteHelp, siteOptions } from './command.ts'

export const rebuildCommand: Command = {
  name: 'rebuild',
  summary: 'rebuild all orders from the event log',
  help: `[OPTIONS]

${siteHelp}`,
  async run(args, terminal) {
    const { values } = parseArgs({ args: [...args], options: siteOptions })
    if (!values.json) terminal.note('rebuilding all orders …')
    const request = { method: 'POST', path: '/api/v1/admin/rebuild' } as const
    const report = await callServerApi<RebuildReport>(values.site, request, terminal)
    const { orders, visits, events, elapsedMs } = report
    if (values.json) terminal.print(JSON.stringify(report))
    else
      terminal.print(
        `${plural(orders, 'order')} with ${plural(visits, 'visit')} from ${plural(events, 'event')} in ${Math.round(elapsedMs)} ms`,
      )
    return exitCode.done
  },
}
