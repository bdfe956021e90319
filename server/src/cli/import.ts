import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { Command, Terminal } from './command.ts'
import { exitCode, siteHelp } from './command.ts'
import { discoverProcess } from '../ingest/imports/discover-process.ts'
import type { ImportResult } from '../ingest/imports/import-file.ts'
import { importFile } from '../ingest/imports/import-file.ts'
import type { ImportOptions } from './import-options.ts'
import { readImportOptions } from './import-options.ts'
import { mappingHelp } from './mapping-options.ts'
import { createSite } from './call-server-api.ts'
import type { AskServer } from './call-server-api.ts'
import { callServer } from './call-server.ts'
import { batchHelp, beginImport, readBatchCommand, recordImport, runBatchCommand } from './import-batches.ts'
import { reportImport } from './import-report.ts'
import { openLocalAdmin } from './local-admin.ts'
import { terminalMonitor } from './progress.ts'
import { eventSender, sendNowhere } from './send-events.ts'
import { surveyFile } from '../ingest/imports/survey-file.ts'

export const importCommand: Command = {
  name: 'import',
  summary: 'read events or orders from a CSV, XLSX or XES file',
  help: `FILE [OPTIONS]
       stagewatch import list | show ID | undo ID --reason TEXT

FILE is CSV, a workbook (.xlsx) or an event log (XES), plain, gzipped or zipped, with a row
for each event (order_id, stage, timestamp, ...), or with --orders a row for each
order. Importing it again adds nothing.

${mappingHelp}
  --orders              each row tells an order's customer, product, quantity, amount, due_at
  --discover            first create the process from the file: its stages in their usual
                        order, each with a target that four of five visits have kept;
                        a process that exists gets the stages that it lacks
  --terminal STAGE      this stage ends an order; with --discover, may be repeated
  --dry-run             read everything, send nothing
  --errors FILE         write the rejected rows there as CSV, with the reasons
  --replace, --beside   when the file was imported before with other options: undo that
                        import first, or keep both
${siteHelp}

${batchHelp}`,
  async run(args, terminal) {
    const batch = readBatchCommand(args)
    if (batch !== undefined) return runBatchCommand(batch, terminal)
    const options = await readImportOptions(args)
    const result = await importWith(options, terminal)
    reportImport(options, result, terminal)
    const { rejected } = result.tally.summary()
    return result.brokenOff === undefined && rejected === 0 ? exitCode.done : exitCode.problems
  },
}

async function importWith(options: ImportOptions, terminal: Terminal): Promise<ImportResult> {
  const monitor = terminalMonitor(terminal)
  const surveyed = await surveyFile(options, monitor)
  if (options.dryRun && !options.discover) return importFile(options, sendNowhere, monitor, surveyed)
  const operator = await openLocalAdmin({ site: options.site })
  try {
    const ask: AskServer = (request) => callServer(operator, request, terminal)
    if (!options.dryRun) await createSite(options.site, operator, terminal)
    const id = options.dryRun ? undefined : await beginImport(options, ask, terminal)
    if (options.discover) {
      const known = await ask<ProcessList>({ method: 'GET', path: '/api/v1/admin/processes' })
      const { process, version, unchanged } = await discoverProcess(options, known, monitor, surveyed.readings)
      for (const stage of unchanged)
        terminal.note(`stage ${stage} is known to process ${process.code} and stays as it is`)
      if (!options.json) describeProcess(process, terminal)
      if (!options.dryRun) {
        const path = `/api/v1/admin/processes/${encodeURIComponent(process.code)}`
        await ask({ method: 'PUT', path, body: process, version })
      }
    }
    if (id === undefined) return await importFile(options, sendNowhere, monitor, surveyed)
    const result = await importFile(options, eventSender(operator, terminal, id), monitor, surveyed)
    await recordImport(id, result, ask)
    return result
  } finally {
    await operator.close()
  }
}

function describeProcess({ code, stages }: ProcessDefinition, terminal: Terminal): void {
  terminal.print(`process ${code}, ${stages.length} stages:`)
  for (const stage of stages) {
    const target = stage.targetMs === undefined ? 'no target' : `target ${hoursText(stage.targetMs)}`
    terminal.print(`  ${stage.code}: ${stage.terminal ? 'ends the order' : target}`)
  }
  if (!stages.some((stage) => stage.terminal)) {
    terminal.print('no stage ends an order, so all of them stay open: name one with --terminal if that is wrong')
  }
}

function hoursText(ms: number): string {
  return `${(ms / 3_600_000).toFixed(2)} h`
}
